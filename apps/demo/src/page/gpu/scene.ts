/** Of buffers, as the specification numbers them; not every TypeScript has the names. */
const USAGE = { COPY_SRC: 4, COPY_DST: 8, UNIFORM: 64, STORAGE: 128 };

export const WIDTH = 320;
export const HEIGHT = 180;

const COMPUTE = `
struct Frame { time: f32, rounds: u32 }
@group(0) @binding(0) var<storage, read_write> pixels: array<u32>;
@group(0) @binding(1) var<uniform> frame: Frame;
@compute @workgroup_size(8, 4) fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= ${String(WIDTH)}u || id.y >= ${String(HEIGHT)}u) { return; }
  let at = (vec2f(id.xy) - vec2f(${String(WIDTH / 2)}, ${String(HEIGHT / 2)})) / ${String(HEIGHT / 2)}.0;
  let c = vec2f(cos(frame.time * 0.3), sin(frame.time * 0.41)) * 0.76;
  var z = at;
  var glow = 0.0;
  for (var i = 0u; i < frame.rounds; i++) {
    z = vec2f(z.x * z.x - z.y * z.y, 2.0 * z.x * z.y) + c;
    let d = dot(z, z);
    glow += exp(-d * 1.7);
    if (d > 16.0) { z = at; }
  }
  let light = glow / f32(frame.rounds);
  pixels[id.y * ${String(WIDTH)}u + id.x] = pack4x8unorm(vec4f(light * 0.55, light * 0.9, 0.22 + light * 0.75, 1.0));
}`;

/** Computes a moving picture; `record` makes the encoder of one frame. */
export class Scene {
  /** The picture, four bytes a pixel. */
  readonly pixels: GPUBuffer;
  readonly #device: GPUDevice;
  readonly #uniform: GPUBuffer;
  readonly #compute: GPUComputePipeline;
  readonly #computeGroup: GPUBindGroup;

  constructor(device: GPUDevice) {
    this.pixels = device.createBuffer({ size: WIDTH * HEIGHT * 4, usage: USAGE.STORAGE | USAGE.COPY_SRC });
    this.#device = device;
    this.#uniform = device.createBuffer({ size: 8, usage: USAGE.UNIFORM | USAGE.COPY_DST });
    this.#compute = device.createComputePipeline({
      layout: 'auto',
      compute: { module: device.createShaderModule({ code: COMPUTE }) },
    });
    this.#computeGroup = device.createBindGroup({
      layout: this.#compute.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: this.pixels } },
        { binding: 1, resource: { buffer: this.#uniform } },
      ],
    });
  }

  record(time: number, rounds: number, broken: boolean): GPUCommandEncoder {
    const data = new DataView(new ArrayBuffer(8));
    data.setFloat32(0, time, true);
    data.setUint32(4, rounds, true);
    this.#device.queue.writeBuffer(this.#uniform, 0, data);
    const encoder = this.#device.createCommandEncoder();
    const compute = encoder.beginComputePass();
    compute.setPipeline(this.#compute);
    compute.setBindGroup(0, this.#computeGroup);
    compute.dispatchWorkgroups(WIDTH / 8, HEIGHT / 4);
    compute.end();
    if (broken) this.#useDestroyed(encoder);
    return encoder;
  }

  /** As in programs that free too early: the submit is then invalid, and nothing of the frame runs. */
  #useDestroyed(encoder: GPUCommandEncoder): void {
    const [from, to] = ['points', 'copy'].map((label) =>
      this.#device.createBuffer({ label, size: 4, usage: USAGE.COPY_SRC | USAGE.COPY_DST }),
    ) as [GPUBuffer, GPUBuffer];
    encoder.copyBufferToBuffer(from, 0, to, 0, 4);
    from.destroy();
  }
}
