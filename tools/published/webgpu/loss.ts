import { FramePacer, GpuQueue, ReadbackRing } from '@dma-fence/webgpu';

/** A page whose GPU process is about to die: much is pending, and then all of it must have ended. */
const adapter = await navigator.gpu.requestAdapter();
const device = await adapter?.requestDevice();
if (device === undefined) throw new Error('no adapter');

const faults: string[] = [];
addEventListener('unhandledrejection', ({ reason }) => faults.push(`unhandled: ${String(reason)}`));
addEventListener('error', ({ message }) => faults.push(`uncaught: ${message}`));

const code = `
@group(0) @binding(0) var<storage, read_write> data: array<u32>;
@compute @workgroup_size(1) fn main() {
  var x = data[0];
  for (var i = 0u; i < 200000000u; i++) { x = x * 1664525u + 1013904223u; }
  data[0] = x;
}`;
const pipeline = device.createComputePipeline({
  layout: 'auto',
  compute: { module: device.createShaderModule({ code }) },
});
const data = device.createBuffer({ size: 4, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
const bindGroup = device.createBindGroup({
  layout: pipeline.getBindGroupLayout(0),
  entries: [{ binding: 0, resource: { buffer: data } }],
});

function record(): GPUCommandEncoder {
  const encoder = (device as GPUDevice).createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, bindGroup);
  pass.dispatchWorkgroups(1);
  pass.end();
  return encoder;
}

const codeOf = (error: unknown): string => String((error as { code?: string }).code);
const queue = new GpuQueue(device);
const ring = new ReadbackRing(queue, { byteLength: 4, slots: 1 });
const pacer = new FramePacer(queue, { depth: 1 });
let retired = false;

const order: number[] = [];
const fences = Array.from({ length: 20 }, () => queue.submit([record()]));
for (const fence of fences) fence.addCallback(({ seqno }) => order.push(seqno));
const slot = await ring.acquire();
const encoder = record();
slot.copy(encoder, data);
const last = queue.submit([encoder]);
const ends = [slot.read(last, () => 'read').catch(codeOf), ring.acquire().then(() => 'acquired', codeOf)];
pacer.track(last);
ends.push(pacer.wait().then(() => 'paced', codeOf));
const upcoming = queue.upcoming();
ends.push(upcoming.wait().then(() => 'signaled', codeOf));
queue.retire(() => (retired = true));

await fetch('/report', { method: 'POST', body: JSON.stringify('ready') });
const ended = await Promise.all(ends);
const later = queue.submit([record()]);
await new Promise((resolve) => setTimeout(resolve, 500));
await fetch('/report', {
  method: 'POST',
  body: JSON.stringify({
    ended,
    statuses: fences.map(({ error, status }) => error?.code ?? status),
    order,
    later: later.error?.code,
    reason: (queue.lost?.cause as GPUDeviceLostInfo | undefined)?.reason,
    retired,
    faults,
  }),
});
