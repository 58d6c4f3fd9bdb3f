import { platform } from '../platform.js';

/** A wait that an abort ends. */
export interface Abortable {
  abort(reason: unknown): void;
}

/** All waits that one signal aborts, behind one listener: platforms warn of many, and take each off by searching for it. */
interface AbortWatch {
  readonly waits: Set<Abortable>;
  readonly listener: () => void;
}

const watches = /* @__PURE__ */ new WeakMap<AbortSignal, AbortWatch>();

/** Has `wait` aborted when the signal is, after those that came before; returns what takes that back. */
export function onAbort(signal: AbortSignal, wait: Abortable): () => void {
  let watch = watches.get(signal);
  if (watch === undefined) watches.set(signal, (watch = watchOver(signal)));
  const { waits, listener } = watch;
  if (waits.size === 0) signal.addEventListener('abort', listener, { once: true });
  waits.add(wait);
  return () => {
    if (waits.delete(wait) && waits.size === 0) signal.removeEventListener('abort', listener);
  };
}

function watchOver(signal: AbortSignal): AbortWatch {
  const waits = new Set<Abortable>();
  const listener = (): void => {
    for (const wait of waits) {
      try {
        wait.abort(signal.reason);
      } catch (error) {
        // One that throws stops no other.
        platform.report(error);
      }
    }
  };
  return { waits, listener };
}
