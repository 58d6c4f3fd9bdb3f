import type { DmaFence } from '@dma-fence/core';
export async function stage(inputs: readonly DmaFence[], run: () => Promise<void>): Promise<void> {
  await using stack = new AsyncDisposableStack();
  const held = inputs.map((f) => stack.use(f.get()));
  stack.defer(async () => {
    await Promise.resolve();
  });
  for (const f of held) await f.wait();
  await run();
}
