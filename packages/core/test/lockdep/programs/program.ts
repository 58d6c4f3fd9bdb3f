import type { LockdepKind, LockdepOptions } from '@dma-fence/core/lockdep';

/**
 * A program as people write them, on a schedule on which nothing hangs.
 *
 * Programs come in pairs that differ in one way: in one of them something is wrong, and must be found; in the other
 * everything is right, and nothing may be reported. Once written they are let be: what they do is not adapted to the validator.
 */
export interface Program {
  readonly name: string;
  readonly wrong: LockdepKind | undefined;
  readonly options?: LockdepOptions;
  readonly run: () => Promise<void>;
}

/** One trip around the event loop. */
export function tick(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
