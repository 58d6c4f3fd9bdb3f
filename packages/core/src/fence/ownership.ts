import type { DmaFence } from './dma-fence.js';

declare const owned: unique symbol;
declare const borrowed: unique symbol;

/**
 * A fence whose reference the holder owns and must `put()`.
 *
 * Says nothing at run time; `@dma-fence/eslint-plugin` reads it. Assignable to and from the plain fence type.
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
 * A fence that somebody else keeps alive: use it now, `get()` one's own reference to keep it.
 *
 * Says nothing at run time; `@dma-fence/eslint-plugin` reads it. Assignable to and from the plain fence type.
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
