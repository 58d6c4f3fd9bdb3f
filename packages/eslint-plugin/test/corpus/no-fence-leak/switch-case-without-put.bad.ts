// One engine class of a switch returns without giving the fence back.
import type { FenceTimeline } from '@dma-fence/core';

type Engine = 'render' | 'copy' | 'video';
declare function kick(engine: Engine, seqno: number): void;

export function flush(timeline: FenceTimeline, engine: Engine): number {
  // reports no-fence-leak
  const fence = timeline.createFence();
  switch (engine) {
    case 'render':
      kick(engine, fence.seqno);
      break;
    case 'copy':
      return -1;
    case 'video':
      kick(engine, 0);
      break;
  }
  const { seqno } = fence;
  fence.put();
  return seqno;
}
