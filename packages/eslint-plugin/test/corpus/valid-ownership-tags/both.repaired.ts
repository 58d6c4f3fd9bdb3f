// One parameter, two owners.
import type { DmaFence } from '@dma-fence/core';

/**
 * @consumes fence
 */
export declare function retire(fence: DmaFence): void;
