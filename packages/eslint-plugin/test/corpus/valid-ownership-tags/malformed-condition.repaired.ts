// The condition is not one of the two that are understood.
import type { DmaFence } from '@dma-fence/core';

/** @consumes fence - only when the call returns true */
export declare function enqueue(fence: DmaFence): boolean;
