/** What we use of platforms, by whatever test runner and on whatever clock. */
interface Real {
  readonly setImmediate?: (callback: () => void) => unknown;
  readonly setInterval: (callback: () => void, ms: number) => unknown;
  readonly clearInterval: (timer: unknown) => void;
  readonly MessageChannel: new () => { port1: Port; port2: Port };
}

interface Port {
  onmessage: (() => void) | null;
  postMessage(message: unknown): void;
  close(): void;
}

// Kept as they are now: fake timers, ours or a test runner's, may take their places.
const { setImmediate, setInterval, clearInterval, MessageChannel } = globalThis as unknown as Real;

/** One trip around the real event loop: when it is over, every promise that was decided has had its say. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (setImmediate !== undefined) {
      setImmediate(resolve);
      return;
    }
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

/** A reason for the process to stay, until it is canceled; it may be told whether it counts, as `KeepAlive` does. */
export class Alive {
  readonly handle: unknown = setInterval(() => undefined, 2 ** 31 - 1);

  cancel(): void {
    clearInterval(this.handle);
  }
}
