import type { DmaFence } from './dma-fence.js';

declare const owned: unique symbol;
declare const borrowed: unique symbol;

/**
 * A fence whose reference is yours, so you must `put()` it.
 *
 * It has no effect at run time. `@dma-fence/eslint-plugin` reads it. Assignable to and from the plain fence type.
 *
 * @example A parameter that takes the caller's reference over
 * ```ts
 * import type { Owned } from '@dma-fence/core';
 *
 * function retire(fence: Owned): void {
 *   fence.put();
 * }
 * ```
 */
export type Owned<F extends DmaFence = DmaFence> = F & { readonly [owned]?: true };

/**
 * A fence that other code keeps alive. Use it now, or `get()` a reference of your own to keep it.
 *
 * It has no effect at run time. `@dma-fence/eslint-plugin` reads it. Assignable to and from the plain fence type.
 *
 * @example A field that looks on without owning
 * ```ts
 * import type { Borrowed } from '@dma-fence/core';
 *
 * interface Overlay {
 *   readonly watched: Borrowed[];
 * }
 * ```
 */
export type Borrowed<F extends DmaFence = DmaFence> = F & { readonly [borrowed]?: true };
