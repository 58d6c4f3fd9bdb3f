import { Worker } from 'node:worker_threads';
import type { ReferenceReply, ReferenceRequest } from './reference-worker.js';
import type { Size } from './surface.js';

interface Waiter {
  resolve(result: Uint8Array<ArrayBuffer>): void;
  reject(error: Error): void;
}

/** Renders pictures on one thread, without engines or fences: what every result is compared with. */
export class Reference {
  readonly #worker = new Worker(new URL('./reference-worker.js', import.meta.url));
  readonly #waiters = new Map<number, Waiter>();
  #lastId = 0;
  #gone: Error | undefined;

  constructor() {
    this.#worker.on('message', ({ id, result }: ReferenceReply) => {
      this.#waiters.get(id)?.resolve(result);
      this.#waiters.delete(id);
    });
    this.#worker.on('error', (error) => {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    });
    this.#worker.on('exit', () => {
      this.#fail(new Error('the reference thread ended'));
    });
  }

  /**
   * Renders one picture after those asked for before.
   *
   * @param source - its RGBA pixels, which must not change until then
   * @returns the right result
   */
  render(source: SharedArrayBuffer, size: Size): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone);
    this.#lastId += 1;
    const request: ReferenceRequest = { id: this.#lastId, source, size };
    return new Promise((resolve, reject) => {
      this.#waiters.set(request.id, { resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  /** Ends the thread; what it still owes is rejected. */
  async stop(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: Error): void {
    this.#gone ??= error;
    for (const waiter of this.#waiters.values()) waiter.reject(this.#gone);
    this.#waiters.clear();
  }
}
