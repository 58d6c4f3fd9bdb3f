// Everything at once.
import type { DmaFenceContext } from '@dma-fence/core';

declare function risky(): Promise<number>;

export async function run(context: DmaFenceContext): Promise<number> {
  const fence = context.createFence();
  try {
    const value = await risky();
    fence.signal();
    return value;
  } catch (error) {
    fence.fail(error instanceof Error ? error : 'EIO');
    throw error;
  } finally {
    fence.put();
  }
}
