import type { DmaFence, DmaReservation } from '@dma-fence/core';
export async function withLocks(rs: DmaReservation[], work: (n: number) => Promise<void>): Promise<void> {
  await using stack = new AsyncDisposableStack();
  for (const r of rs) stack.use(await r.lock());
  await work(rs.length);
}
export function keep(f: DmaFence): AsyncDisposable {
  const stack = new AsyncDisposableStack();
  stack.adopt(f.get(), async (one) => {
    await one.wait();
    one.put();
  });
  return stack;
}
