import { type DmaFenceContext, type DmaReservation, FenceUsage, lockReservations } from '@dma-fence/core';

interface Pass {
  readonly reads: readonly DmaReservation[];
  readonly writes: DmaReservation;
  run(done: () => void): boolean;
}

export async function submit(context: DmaFenceContext, pass: Pass): Promise<boolean> {
  const locks = await lockReservations([...pass.reads, pass.writes]);
  using fence = context.createFence();
  try {
    if (!pass.run(() => fence.signal())) {
      fence.fail('EIO');
      return false;
    }
    for (const read of pass.reads) locks.of(read).add(fence, FenceUsage.READ);
    locks.of(pass.writes).add(fence, FenceUsage.WRITE);
    return true;
  } finally {
    locks.unlock();
  }
}
