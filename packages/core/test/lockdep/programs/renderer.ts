import { beginSignalling, DmaFenceContext, waitAny, type DmaFence, type DriverFence } from '@dma-fence/core';
import { lockdep } from '@dma-fence/core/lockdep';
import { Mutex } from 'async-mutex';
import { tick, type Program } from './program.js';

const queue = new DmaFenceContext({ driverName: 'gpu', timelineName: 'graphics' });

/** Hands work to something that finishes it later. */
function hardware(fence: DriverFence): void {
  setImmediate(() => {
    using _section = beginSignalling();
    fence.signal();
  });
}

/** Shows frames one after the other; the section of each lasts until the hardware has it. */
async function frames(waitsInside: boolean): Promise<void> {
  for (let frame = 0; frame < 3; frame++) {
    const fence = queue.createFence();
    const section = fence.beginSignalling();
    hardware(fence);
    if (!waitsInside) section.end();
    await fence.wait();
  }
}

/** Builds command lists and signals what needs no hardware. */
async function encode(awaitsInside: boolean): Promise<void> {
  const empty = [queue.createFence(), queue.createFence()];
  const section = beginSignalling();
  for (const fence of empty) {
    fence.signal();
    if (awaitsInside) await tick();
  }
  section.end();
}

/** Two frames in flight; the swap chain is locked to present. */
async function inFlight(holds: boolean): Promise<void> {
  const swapChain = lockdep.wrap(new Mutex(), 'swap chain');
  const flying: DmaFence[] = [];
  async function draw(): Promise<void> {
    if (flying.length === 2) {
      const index = await waitAny(flying);
      flying.splice(index, 1);
    }
    const fence = queue.createFence();
    // The work of a frame presents it.
    void fence.signalAfter(async () => {
      await tick();
      const release = await swapChain.acquire();
      release();
    });
    flying.push(fence);
  }
  async function resize(): Promise<void> {
    const release = await swapChain.acquire();
    if (holds) {
      // No frame flies any more in this run, but then one could.
      for (const fence of flying) await fence.wait();
    }
    release();
  }
  for (let frame = 0; frame < 5; frame++) await draw();
  for (const fence of flying) await fence.wait();
  await resize();
}

/** Ends nested sections. */
async function nested(order: 'inner first' | 'outer first'): Promise<void> {
  await tick();
  const frame = beginSignalling();
  const pass = beginSignalling();
  queue.createFence().signal();
  const sections = order === 'inner first' ? [pass, frame] : [frame, pass];
  for (const section of sections) section.end();
}

export const rendererPrograms: Program[] = [
  {
    name: 'a frame loop that waits inside the section of its frame',
    wrong: 'self-wait',
    run: () => frames(true),
  },
  {
    name: 'a frame loop that ends the section when the hardware has the frame',
    wrong: undefined,
    run: () => frames(false),
  },
  { name: 'an encoder that awaits inside a free section', wrong: 'open-section', run: () => encode(true) },
  { name: 'an encoder whose section is one stretch', wrong: undefined, run: () => encode(false) },
  {
    name: 'a resize that waits for frames with the swap chain locked',
    wrong: 'lock-under-wait',
    run: () => inFlight(true),
  },
  { name: 'a resize that locks the swap chain alone', wrong: undefined, run: () => inFlight(false) },
  { name: 'a pass that outlives its frame', wrong: 'section-order', run: () => nested('outer first') },
  { name: 'a pass that ends inside its frame', wrong: undefined, run: () => nested('inner first') },
];
