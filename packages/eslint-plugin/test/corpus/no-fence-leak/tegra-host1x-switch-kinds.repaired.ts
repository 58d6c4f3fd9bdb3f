import type { DmaFence, FenceTimeline } from '@dma-fence/core';

type Wait = { kind: 'syncpt'; value: number } | { kind: 'fence'; fence: DmaFence } | { kind: 'none' };

export function resolve(tl: FenceTimeline, w: Wait, sink: (f: DmaFence) => void): boolean {
  let f: DmaFence;
  switch (w.kind) {
    case 'syncpt':
      f = tl.fenceAt(w.value);
      break;
    case 'fence':
      f = w.fence.get();
      break;
    case 'none':
      return false;
  }
  sink(f);
  f.put();
  return true;
}
