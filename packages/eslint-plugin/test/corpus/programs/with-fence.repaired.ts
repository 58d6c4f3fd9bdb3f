import { DmaFenceContext, type DmaFence } from '@dma-fence/core';
import { setTimeout as sleep } from 'node:timers/promises';

const context = new DmaFenceContext({ driverName: 'scan', timelineName: 'lines' });

type Work = () => Promise<void>;

/** Lends the fence of some work to `use` for as long as that takes. */
async function withFence<R>(work: Work, use: (fence: DmaFence) => Promise<R>): Promise<R> {
  const fence = context.run(work);
  try {
    return await use(fence);
  } finally {
    fence.put();
  }
}

async function scanLine(line: number): Promise<void> {
  await sleep(1);
  if (line === 3) throw new Error('the lamp is cold');
}

export async function scan(lines: number): Promise<string> {
  let page = '';
  for (let line = 0; line < lines; line++) {
    page += await withFence(
      () => scanLine(line),
      async (fence) => {
        try {
          await fence.wait({ timeoutMs: 100 });
          return '#';
        } catch {
          return '.';
        }
      },
    );
  }
  return page;
}

export async function calibrate(): Promise<number> {
  const started = performance.now();
  await withFence(
    () => sleep(2),
    (fence) => fence.wait(),
  );
  return performance.now() - started;
}
