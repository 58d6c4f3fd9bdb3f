import { FenceTimeline, type DmaFence } from '@dma-fence/core';
export async function pump(
  total: number,
  width: number,
  tick: (t: FenceTimeline) => Promise<void>,
): Promise<void> {
  const timeline = new FenceTimeline({ driverName: 'p', timelineName: 'w' });
  const window: DmaFence[] = [];
  try {
    for (let i = 0; i < total; i++) {
      window.push(timeline.createFence());
      if (window.length < width) continue;
      const oldest = window.shift()!;
      try {
        await tick(timeline);
        await oldest.wait();
      } finally {
        oldest.put();
      }
    }
  } finally {
    while (window.length > 0) window.pop()?.put();
    timeline.cancel();
  }
}
