import { GpuQueue, type GpuQueueOptions } from '@dma-fence/webgpu';
import { expect, onTestFinished } from 'vitest';

/*
 * Where the suite runs is decided here: in Node on the npm package `webgpu`, in a page and in a worker on the browser's own. One file of
 * tests serves all of them.
 */

interface Dawn {
  create: (options: string[]) => GPU;
}

interface Environment {
  process?: { env: Record<string, string | undefined>; versions: { node?: string } };
  navigator?: { gpu?: GPU; userAgent?: string };
}

const { process, navigator } = globalThis as Environment;

/** `null`: Dawn without a GPU: all of the API, but nothing runs. `native`: whatever adapter there is, mostly a software one. */
const backend = process?.env['GPU_BACKEND'] ?? 'null';

/** Why there is no WebGPU here; undefined if there is. */
export let missing: string | undefined;

/** The object must be kept: Dawn goes with it. */
const gpu = await load();

async function load(): Promise<GPU | undefined> {
  if (navigator?.gpu !== undefined) return navigator.gpu;
  try {
    const name = 'webgpu';
    const { create } = (await import(/* @vite-ignore */ name)) as Dawn;
    return create(backend === 'null' ? ['backend=null'] : []);
  } catch (error) {
    missing = String(error);
    return undefined;
  }
}

// A global of browsers that programs of the pages use; Node has none of them.
(globalThis as { GPUMapMode?: object }).GPUMapMode ??= { READ: 1, WRITE: 2 };

/** Whether work really runs, so that data can be looked at. */
export const executes: boolean = navigator?.gpu !== undefined || backend !== 'null';

export const usage = { MAP_READ: 1, COPY_SRC: 4, COPY_DST: 8, UNIFORM: 64, STORAGE: 128 } as const;

/** Whether the engine notices completion by itself, not on a slow timer as Firefox does. */
export const looksAtOnce = !(navigator?.userAgent ?? '').includes('Firefox');

/** A device of this test alone, and the errors that nobody caught on it. */
export interface OpenDevice {
  device: GPUDevice;
  uncaptured: GPUError[];
}

/** Opens a device; it is destroyed with the test. */
export async function openDevice(): Promise<OpenDevice> {
  const adapter = await gpu?.requestAdapter();
  if (adapter == null) throw new Error(`no adapter: ${missing ?? 'the platform gives none'}`);
  const device = await adapter.requestDevice();
  const uncaptured: GPUError[] = [];
  device.addEventListener('uncapturederror', (event) => {
    event.preventDefault();
    uncaptured.push(event.error);
  });
  onTestFinished(() => {
    device.destroy();
  });
  return { device, uncaptured };
}

/** Opens a device on which no error may go uncaught. */
export async function openQuietDevice(): Promise<GPUDevice> {
  const { device, uncaptured } = await openDevice();
  onTestFinished(() => {
    expect(uncaptured.map(({ message }) => message)).toEqual([]);
  });
  return device;
}

/** Ends every wait of a test that would hang; long, for a busy machine is no fault. */
export const LIMIT = { timeoutMs: 120_000 } as const;

/** A queue of a device on which no error may go uncaught. */
export async function openQueue(options?: GpuQueueOptions): Promise<{ device: GPUDevice; queue: GpuQueue }> {
  const device = await openQuietDevice();
  const queue = new GpuQueue(device, options);
  onTestFinished(() => {
    queue[Symbol.dispose]();
  });
  return { device, queue };
}

/** Counts the calls of a method, which goes on working. */
export function spyOn(target: object, method: string): () => number {
  const original = (target as Record<string, (...args: unknown[]) => unknown>)[method];
  let calls = 0;
  Object.defineProperty(target, method, {
    configurable: true,
    value(...args: unknown[]) {
      calls++;
      return original?.apply(target, args);
    },
  });
  return () => calls;
}

/** A promise that the test resolves. */
export function later<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((each) => {
    resolve = each;
  });
  return { promise, resolve };
}

/** Holds what a method promises until it is let go: then each call has its own answer, or the one that is given. */
export function holdBack(target: object, method: string): (answer?: () => unknown) => void {
  const original = (target as Record<string, (...args: unknown[]) => Promise<unknown>>)[method];
  const { promise: gate, resolve: letGo } = later<(() => unknown) | undefined>();
  Object.defineProperty(target, method, {
    configurable: true,
    value(...args: unknown[]) {
      const own = original?.apply(target, args);
      own?.catch(() => undefined);
      return gate.then((answer) => (answer === undefined ? own : answer()));
    },
  });
  return letGo;
}

/** A buffer that holds one number. */
export function numberBuffer(device: GPUDevice, value: number, label = ''): GPUBuffer {
  const buffer = device.createBuffer({
    label,
    size: 4,
    usage: usage.COPY_SRC | usage.COPY_DST | usage.STORAGE,
    mappedAtCreation: true,
  });
  new Uint32Array(buffer.getMappedRange())[0] = value;
  buffer.unmap();
  return buffer;
}

/** An encoder whose recording is fine, and whose submit is not: the buffer that it copies from is destroyed. */
export function badEncoder(device: GPUDevice, label = 'planted'): GPUCommandEncoder {
  const [from, to] = [numberBuffer(device, 1, label), numberBuffer(device, 2)];
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(from, 0, to, 0, 4);
  from.destroy();
  return encoder;
}

/** An encoder whose recording is wrong. */
export function brokenEncoder(device: GPUDevice, label = 'unbalanced'): GPUCommandEncoder {
  const encoder = device.createCommandEncoder({ label });
  encoder.pushDebugGroup(label);
  return encoder;
}

/** An encoder that records nothing. */
export function goodEncoder(device: GPUDevice): GPUCommandEncoder {
  return device.createCommandEncoder();
}

const SPIN = `
@group(0) @binding(0) var<storage, read_write> data: array<u32>;
@group(0) @binding(1) var<uniform> rounds: u32;
@compute @workgroup_size(1) fn main() {
  var x = data[0];
  for (var i = 0u; i < rounds; i++) { x = x * 1664525u + 1013904223u; }
  data[0] = x;
}`;

/** Makes encoders that keep the GPU busy for about a number of rounds. */
export function spinner(device: GPUDevice, rounds: number): () => GPUCommandEncoder {
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: SPIN }) },
  });
  const uniform = device.createBuffer({ size: 4, usage: usage.UNIFORM, mappedAtCreation: true });
  new Uint32Array(uniform.getMappedRange())[0] = rounds;
  uniform.unmap();
  const bindGroup = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [
      { binding: 0, resource: { buffer: numberBuffer(device, 1) } },
      { binding: 1, resource: { buffer: uniform } },
    ],
  });
  return () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(1);
    pass.end();
    return encoder;
  };
}

/** One turn of the event loop. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** Turns until something is so, or for so long. */
export async function until(condition: () => boolean, ms: number = LIMIT.timeoutMs): Promise<void> {
  const end = performance.now() + ms;
  while (!condition() && performance.now() < end) await turn();
}

/** What a promise rejected with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`resolved with ${String(value)}`);
    },
    (error: unknown) => error,
  );
}

/** Every order of some things. */
export function orders<T>(things: readonly T[]): T[][] {
  if (things.length < 2) return [[...things]];
  return things.flatMap((first, index) =>
    orders(things.toSpliced(index, 1)).map((others) => [first, ...others]),
  );
}

/** Waits for a fence to end, well or not. */
export async function ended(fence: { wait(options: { timeoutMs: number }): Promise<void> }): Promise<void> {
  await fence.wait(LIMIT).catch((error: unknown) => {
    if ((error as { code?: string }).code === 'ETIME') throw error;
  });
}
