import type { DmaFence, FenceTimeline } from '@dma-fence/core';

const enum Flag {
  FenceIn = 1,
  FenceOut = 2,
}
declare function installFd(fence: DmaFence): number | undefined;
declare function queue(cmd: Uint8Array): void;

export function execbuffer(tl: FenceTimeline, flags: number, cmd: Uint8Array): number {
  // reports no-fence-leak
  const outFence = tl.createFence();
  let fd = -1;
  if (flags & Flag.FenceOut) {
    const got = installFd(outFence);
    if (got === undefined) {
      return -24;
    }
    fd = got;
  }
  queue(cmd);
  outFence.put();
  return fd;
}
