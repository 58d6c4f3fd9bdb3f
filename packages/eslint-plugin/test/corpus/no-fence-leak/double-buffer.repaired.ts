import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

interface Image {
  readonly index: number;
  free: DmaFence | null;
}

export async function acquireImage(images: [Image, Image], frame: number): Promise<Image> {
  const image = images[frame % 2 === 0 ? 0 : 1];
  const { free } = image;
  if (free !== null) {
    image.free = null;
    try {
      await free.wait();
    } finally {
      free.put();
    }
  }
  return image;
}

export function presentImage(
  image: Image,
  context: DmaFenceContext,
  flip: (done: () => void) => boolean,
): void {
  const fence = context.createFence();
  const shown = flip(() => {
    fence.signal();
  });
  if (!shown) {
    fence.fail('ECANCELED');
    fence.put();
    return;
  }
  image.free = fence;
}
