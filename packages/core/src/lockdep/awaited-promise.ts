import { captureTrace } from './trace.js';

/** What is done where a promise is awaited: answers the promise to go on with. */
type Look<T> = (result: Promise<T>) => Promise<T>;

/**
 * A promise that tells who awaits it.
 *
 * `void limit(work)` holds nobody up, `await limit(work)` does, and only the second may be a deadlock. An `await` of a promise that is
 * no plain one calls its `then` from a microtask, with nobody of the user's on the stack; so do `return`, `Promise.all` and
 * its kin. A `then` or `catch` that is called by hand makes a promise of this kind again.
 */
export class AwaitedPromise<T> extends Promise<T> {
  #look: Look<unknown> | undefined = undefined;

  /** The same result, that calls `look` where it is awaited. */
  static of<T>(promise: Promise<T>, look: Look<T>): Promise<T> {
    const own = new AwaitedPromise<T>((resolve, reject) => {
      promise.then(resolve, reject);
    });
    own.#look = look as Look<unknown>;
    return own;
  }

  override then<A = T, B = never>(
    fulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    rejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const look = this.#look;
    if (look === undefined || !isAwaiting()) {
      const next = super.then(fulfilled, rejected);
      if (next instanceof AwaitedPromise) next.#look = look;
      return next;
    }
    const plain = new Promise<T>((resolve, reject) => {
      super.then(resolve, reject);
    });
    return (look(plain) as Promise<T>).then(fulfilled, rejected);
  }
}

/** Whether nobody of the user's is on the stack. */
function isAwaiting(): boolean {
  const { top } = captureTrace();
  return top === undefined || top.async || top.index !== undefined;
}
