// The error path of a submission logs and throws on, and nobody puts the fence there.
import type { DmaFenceContext } from '@dma-fence/core';

declare function write(seqno: number): Promise<void>;

export async function emit(context: DmaFenceContext): Promise<void> {
  // reports no-fence-leak
  const fence = context.createFence();
  try {
    await write(fence.seqno);
  } catch (error) {
    fence.fail('EIO');
    throw error;
  }
  fence.signal();
  fence.put();
}
