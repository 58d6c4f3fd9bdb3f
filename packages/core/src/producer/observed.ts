import { isObserved, setObserver } from '../fence/fence.js';
import { unfit } from '../error.js';
import { platform } from '../platform.js';

const listeners = new Set<(observed: boolean) => void>();
let before = false;

/**
 * Tells whether anybody looks on: a tracer, the validator of `/lockdep`, or the tracking of `/debug` and `/testing`.
 *
 * While nobody does, a producer may make its fences when they are first asked for.
 *
 * @returns whether fences must exist for others to see.
 *
 * @example Make fences early only for who looks on
 * ```ts
 * import { observed } from '@dma-fence/core/producer';
 *
 * observed(); // false
 * ```
 */
export function observed(): boolean {
  return isObserved();
}

/**
 * Calls back whenever the first observer comes and when the last one leaves.
 *
 * @param listener gets what `observed()` returns from now on. What it throws is reported as an uncaught error.
 * @returns a disposable that takes the listener out.
 * @throws FenceError `EINVAL` for anything but a function.
 *
 * @example Hear of it
 * ```ts
 * import { addFenceTracer } from '@dma-fence/core';
 * import { onObserved } from '@dma-fence/core/producer';
 *
 * const heard: boolean[] = [];
 * using listening = onObserved((looking) => heard.push(looking));
 * addFenceTracer({})[Symbol.dispose]();
 * heard.length; // 2
 * ```
 */
export function onObserved(listener: (observed: boolean) => void): Disposable {
  if (typeof listener !== 'function') throw unfit('onObserved(): listener', 'a function', listener);
  // Each registration is one of its own, also of the same function.
  const entry = (looking: boolean): void => {
    listener(looking);
  };
  if (listeners.size === 0) {
    before = isObserved();
    setObserver(tell);
  }
  listeners.add(entry);
  return {
    [Symbol.dispose]() {
      listeners.delete(entry);
      if (listeners.size === 0) setObserver(undefined);
    },
  };
}

function tell(looking: boolean): void {
  if (looking === before) return;
  before = looking;
  for (const listener of [...listeners]) {
    try {
      listener(looking);
    } catch (error) {
      platform.report(error);
    }
  }
}
