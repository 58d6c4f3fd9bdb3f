import type { SharedTimeline } from '@dma-fence/core/shared';
import { openHandle } from '../../src/shared/handle.js';
import { AtomicsMemory } from '../../src/shared/memory.js';
import { ThreadEnd } from '../../src/shared/thread-end.js';

/** A second end of a timeline in this thread, as another thread has it: nobody tells the first one what it does. */
export function otherThread({ handle }: SharedTimeline): ThreadEnd {
  const { block } = openHandle(handle);
  return new ThreadEnd(handle, block, new AtomicsMemory(block.words));
}
