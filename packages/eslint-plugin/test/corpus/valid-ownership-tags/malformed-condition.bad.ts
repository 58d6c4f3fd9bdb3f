// The condition is not one of the two that are understood.
import type { DmaFence } from '@dma-fence/core';

// reports valid-ownership-tags
/** @consumes fence - only when it worked */
export declare function enqueue(fence: DmaFence): boolean;
