// One parameter, two owners.
import type { DmaFence } from '@dma-fence/core';

/**
 * @consumes fence
 // reports valid-ownership-tags
 * @borrows fence
 */
export declare function retire(fence: DmaFence): void;
