import { FenceError } from '@dma-fence/core';
import { SharedTimeline, type SharedTimelineHandle } from '@dma-fence/core/shared';

// Finishes a value of `done` for each value of `work`, with what that ended with, blocking on it.
addEventListener('message', ({ data }: MessageEvent<Record<'work' | 'done', SharedTimelineHandle>>) => {
  const work = SharedTimeline.attach(data.work);
  const done = SharedTimeline.attach(data.done);
  for (let value = 0; ;) {
    try {
      value = done.reserve();
      work.waitSync(value);
      done.advanceTo(value);
    } catch (error) {
      if (!(error instanceof FenceError) || error.code === 'ECANCELED') return;
      done.advanceTo(value, error);
    }
  }
});
