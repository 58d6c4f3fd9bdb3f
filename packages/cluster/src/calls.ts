import { FenceError } from '@dma-fence/core';
import { delay, now } from './clock.js';
import { isFinal } from './failure.js';

/** The pause before another try: short at first, never longer than half a second. */
export function pauseOf(tries: number): number {
  return Math.min(500, 10 * 2 ** Math.min(tries, 6));
}

/** Runs `work` until it succeeds, or until what refuses it is final or `ms` are over: then EAGAIN, with the last reason. */
export async function untilDone<T>(what: string, ms: number, work: () => Promise<T | undefined>): Promise<T> {
  const end = now() + ms;
  let reason: unknown;
  for (let tries = 0; ; tries++) {
    try {
      const done = await work();
      if (done !== undefined) return done;
    } catch (error) {
      if (isFinal(error) || !isPassing(error)) throw error;
      reason = error;
    }
    const pause = pauseOf(tries);
    if (now() + pause >= end) break;
    await delay(pause);
  }
  throw new FenceError(
    'EAGAIN',
    `${what}: the engine gave no answer for ${String(ms)} ms; try again once it is back`,
    {
      cause: reason,
    },
  );
}

/** A refusal of ours is no fault of the connection. */
function isPassing(error: unknown): boolean {
  return !(error instanceof FenceError) || error.code === 'EAGAIN' || error.code === 'ETIME';
}
