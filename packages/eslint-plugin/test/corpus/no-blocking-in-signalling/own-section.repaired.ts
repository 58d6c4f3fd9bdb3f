import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

interface Encoder {
  encode(): Promise<Uint8Array>;
  store(bytes: Uint8Array): void;
}

export async function encode(
  context: DmaFenceContext,
  encoder: Encoder,
  publish: (fence: DmaFence) => void,
): Promise<void> {
  using fence = context.createFence();
  publish(fence);
  await fence.signalAfter(async () => {
    const bytes = await encoder.encode();
    encoder.store(bytes);
  });
}
