/**
 * The rows of the bench, in a process for one engine: `node --expose-gc bench/rows.js ENGINE` prints what each row came to, as JSON.
 *
 * A ratio is of two ways that take turns, so that whatever else the machine does hits both; the median of the turns counts.
 */
import { createHook } from 'node:async_hooks';
import { FramePacer, GpuQueue, ReadbackRing } from '@dma-fence/webgpu';
import { create } from 'webgpu';
import { ENGINES } from './engines.js';

const BURST = 100;
/** Compiled, as it is in a program that draws for a while. */
const WARM = 200;
const TURNS = 300;

const engine = ENGINES[process.argv[2] ?? ''];
if (engine === undefined) throw new Error(`no engine ${String(process.argv[2])}`);
/** Kept: Dawn goes with it. */
const gpu = create(engine.options);
const adapter = await gpu.requestAdapter();
if (adapter === null) throw new Error('no adapter');
const device = await adapter.requestDevice();
const gc = /** @type {{ gc?: () => void }} */ (globalThis).gc ?? (() => undefined);

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

/** Processor time of all threads: others may be using the machine. */
function processor() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * @param {() => number} clock
 * @param {() => Promise<unknown>} run
 */
async function timed(clock, run) {
  const began = clock();
  await run();
  return clock() - began;
}

/**
 * @param {() => (() => Promise<unknown>)} ours makes what is timed
 * @param {() => (() => Promise<unknown>)} theirs
 * @param {{ clock?: () => number, turns?: number, warm?: number }} [options]
 */
async function ratio(ours, theirs, { clock = processor, turns = TURNS, warm = WARM } = {}) {
  const ratios = [];
  for (let turn = -warm; turn < turns; turn++) {
    const [first, second] = turn % 2 === 0 ? [ours, theirs] : [theirs, ours];
    const a = await timed(clock, first());
    const b = await timed(clock, second());
    if (turn >= 0) ratios.push(turn % 2 === 0 ? a / b : b / a);
  }
  return median(ratios);
}

const buffers = () => Array.from({ length: BURST }, () => device.createCommandEncoder().finish());

/** Calls back when it was called as often as there are submits in a burst. */
function countdown() {
  /** @type {() => void} */
  let resolve = () => undefined;
  const promise = new Promise((done) => {
    resolve = () => {
      done(undefined);
    };
  });
  let left = BURST;
  return {
    promise,
    one: () => {
      if (--left === 0) resolve();
    },
  };
}

/** @param {GpuQueue} queue */
const burstOf = (queue) => () => {
  const list = buffers();
  return () => {
    const { promise, one } = countdown();
    for (const buffer of list) {
      const fence = queue.submit([buffer]);
      fence.addCallback(one);
      fence.put();
    }
    return promise;
  };
};

const byHand = () => {
  const list = buffers();
  return () => {
    const { promise, one } = countdown();
    for (const buffer of list) {
      device.queue.submit([buffer]);
      void device.queue.onSubmittedWorkDone().then(one);
    }
    return promise;
  };
};

const byHandScoped = () => {
  const list = buffers();
  return () => {
    const { promise, one } = countdown();
    for (const buffer of list) {
      device.pushErrorScope('validation');
      device.queue.submit([buffer]);
      const verdict = device.popErrorScope();
      void Promise.all([device.queue.onSubmittedWorkDone(), verdict]).then(([, error]) => {
        if (error !== null) throw new Error(error.message);
        one();
      });
    }
    return promise;
  };
};

/**
 * Promises that are made until `run` calls back: of the platform's and ours, all that the engine of JavaScript tells of.
 *
 * @param {(done: () => void) => void} run
 */
async function promisesOf(run) {
  let made = 0;
  const hook = createHook({
    init: (_id, type) => {
      if (type === 'PROMISE') made++;
    },
  });
  hook.enable();
  await new Promise((resolve) => {
    run(() => {
      resolve(undefined);
    });
  });
  hook.disable();
  return made;
}

/**
 * Promises that a frame makes.
 *
 * @param {number} submits
 */
async function promises(submits) {
  const queue = new GpuQueue(device, { nudge: 'off' });
  const pacer = new FramePacer(queue);
  const counts = [];
  for (let frame = 0; frame < 50; frame++) {
    const lists = Array.from({ length: submits }, () => [device.createCommandEncoder().finish()]);
    // What the bench itself makes to wait.
    const own = await promisesOf((done) => setImmediate(done));
    const made = await promisesOf((done) => {
      if (!pacer.ready) throw new Error('the frame before has ended');
      const fences = lists.map((list) => queue.submit(list));
      const last = fences.at(-1);
      pacer.track(last);
      last?.addCallback(done);
      for (const fence of fences) fence.put();
    });
    counts.push(made - own);
  }
  pacer[Symbol.dispose]();
  queue[Symbol.dispose]();
  return Math.max(...counts.slice(10));
}

/** Bytes that a submit keeps which has settled, and for which nobody waited. */
async function bytes() {
  const queue = new GpuQueue(device, { nudge: 'off' });
  /** @param {number} count */
  const rest = async (count) => {
    for (let i = 0; i < count; i++) {
      queue.submit([]).put();
      if (i % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const last = queue.submit([]);
    await last.wait();
    last.put();
    for (let i = 0; i < 3; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      gc();
    }
    return process.memoryUsage().heapUsed;
  };
  const count = 50_000;
  await rest(5000);
  const before = await rest(100);
  const after = await rest(count);
  queue[Symbol.dispose]();
  return Math.max(0, (after - before) / count);
}

const SPIN = `
@group(0) @binding(0) var<storage, read_write> data: array<u32>;
@group(0) @binding(1) var<uniform> rounds: u32;
@compute @workgroup_size(1) fn main() {
  var x = data[0];
  for (var i = 0u; i < rounds; i++) { x = x * 1664525u + 1013904223u; }
  data[0] = x;
}`;

/** Makes command buffers that keep the GPU busy for about so many milliseconds. */
async function spinner() {
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: SPIN }) },
  });
  const uniform = device.createBuffer({ size: 4, usage: GPU_USAGE.UNIFORM | GPU_USAGE.COPY_DST });
  const data = device.createBuffer({ size: 4, usage: GPU_USAGE.STORAGE });
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [
      { binding: 0, resource: { buffer: data } },
      { binding: 1, resource: { buffer: uniform } },
    ],
  });
  const make = () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(1);
    pass.end();
    return encoder.finish();
  };
  /** @param {number} rounds */
  const set = (rounds) => {
    device.queue.writeBuffer(uniform, 0, new Uint32Array([rounds]));
  };
  const sample = 1_000_000;
  let least = Infinity;
  for (let i = 0; i < 5; i++) {
    set(sample);
    const began = performance.now();
    device.queue.submit([make()]);
    await device.queue.onSubmittedWorkDone();
    least = Math.min(least, performance.now() - began);
  }
  return {
    make,
    /** @param {number} ms */
    takes: (ms) => {
      set(Math.ceil((ms / least) * sample));
    },
  };
}

const GPU_USAGE = { COPY_SRC: 4, COPY_DST: 8, UNIFORM: 64, STORAGE: 128 };

/** Frames of 60 ms at 60 Hz for a while: the most that were on the GPU at once, counted by hand. */
async function overloaded() {
  const { make, takes } = await spinner();
  takes(60);
  const queue = new GpuQueue(device);
  const pacer = new FramePacer(queue, { depth: 2 });
  let [inFlight, most] = [0, 0];
  for (let frame = 0; frame < 100; frame++) {
    if (pacer.ready) {
      const fence = queue.submit([make()]);
      pacer.track(fence);
      fence.put();
      most = Math.max(most, ++inFlight);
      void device.queue.onSubmittedWorkDone().then(() => inFlight--);
    }
    await new Promise((resolve) => setTimeout(resolve, 1000 / 60));
  }
  await device.queue.onSubmittedWorkDone();
  pacer[Symbol.dispose]();
  queue[Symbol.dispose]();
  return most;
}

/** A loop of steps of a frame each, none of which may be skipped, three on the GPU at once, to one that submits all and waits once. */
async function paced() {
  const { make, takes } = await spinner();
  takes(16);
  const steps = 30;
  const queue = new GpuQueue(device);
  const pacer = new FramePacer(queue, { depth: 3 });
  const value = await ratio(
    () => async () => {
      for (let step = 0; step < steps; step++) {
        await pacer.wait();
        const fence = queue.submit([make()]);
        pacer.track(fence);
        fence.put();
      }
      await device.queue.onSubmittedWorkDone();
    },
    () => async () => {
      for (let step = 0; step < steps; step++) device.queue.submit([make()]);
      await device.queue.onSubmittedWorkDone();
    },
    { clock: () => performance.now(), turns: 7, warm: 1 },
  );
  pacer[Symbol.dispose]();
  queue[Symbol.dispose]();
  return value;
}

/** Sixty reads of 64 KiB, one after the other. */
async function stamped() {
  const byteLength = 65_536;
  const source = device.createBuffer({ size: byteLength, usage: GPU_USAGE.COPY_SRC });
  const queue = new GpuQueue(device, { nudge: 'off' });
  const rings = [true, false].map((stamp) => new ReadbackRing(queue, { byteLength, stamp }));
  const [ours, theirs] = rings.map((ring) => () => async () => {
    for (let i = 0; i < 60; i++) {
      const slot = await ring.acquire();
      const encoder = device.createCommandEncoder();
      slot.copy(encoder, source);
      const fence = queue.submit([encoder]);
      await slot.read(fence, (read) => read.byteLength);
      fence.put();
    }
  });
  if (ours === undefined || theirs === undefined) throw new Error('two rings');
  const value = await ratio(ours, theirs, { turns: 60, warm: 20 });
  for (const ring of rings) ring[Symbol.dispose]();
  queue[Symbol.dispose]();
  return value;
}

const off = new GpuQueue(device, { errors: 'off', nudge: 'off' });
const on = new GpuQueue(device, { nudge: 'off' });
/** @type {Record<string, number>} */
const values = {
  'errors off ÷ submit, work-done and then by hand': await ratio(burstOf(off), byHand),
  'errors on ÷ the same by hand with a scope': await ratio(burstOf(on), byHandScoped),
  'promises a frame, pacer and one submit': await promises(1),
  'promises a frame, pacer and five submits': await promises(5),
  'bytes a settled submit keeps at rest': await bytes(),
};
// Where nothing runs, nothing piles up, and there is no data.
if (engine.executes) {
  values['overloaded loop, depth 2: most frames in flight'] = await overloaded();
  values['paced loop, depth 3 ÷ unbounded'] = await paced();
  values['stamped read ÷ unstamped'] = await stamped();
}
console.log(JSON.stringify(values));
device.destroy();
