import { type DmaFence, FenceCallback } from '@dma-fence/core';

type Flip = { crtc: number; fence: DmaFence };
declare function complete(crtc: number): void;

export function queueFlip(crtc: number, source: DmaFence): void {
  const held = source.get();
  const cb = new FenceCallback<Flip | undefined>((fence) => {
    complete(crtc);
    held.put();
  }, undefined);
  if (!held.addCallback(cb)) {
    complete(crtc);
    held.put();
  }
}
