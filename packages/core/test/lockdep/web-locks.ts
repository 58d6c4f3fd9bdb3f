interface Request {
  readonly name: string;
  readonly shared: boolean;
  readonly start: () => void;
}

interface Options {
  readonly mode?: 'exclusive' | 'shared';
  readonly ifAvailable?: boolean;
}

type Callback<R> = (lock: { name: string } | null) => R | PromiseLike<R>;

/** Web Locks as the standard has them, for the Nodes that have none: fair, by name, shared or not. */
export class WebLocks {
  #held: Request[] = [];
  #waiting: Request[] = [];

  request<R>(name: string, callback: Callback<R>): Promise<R>;
  request<R>(name: string, options: Options, callback: Callback<R>): Promise<R>;
  request<R>(name: string, ...rest: [Callback<R>] | [Options, Callback<R>]): Promise<R> {
    const callback = rest.at(-1) as Callback<R>;
    const { mode, ifAvailable = false } = rest.length === 2 ? rest[0] : {};
    return new Promise<R>((resolve, reject) => {
      const request: Request = {
        name,
        shared: mode === 'shared',
        start: () => {
          const run = async (): Promise<R> => callback({ name });
          void run()
            .then(resolve, reject)
            .then(() => {
              this.#held.splice(this.#held.indexOf(request), 1);
              this.#grant();
            });
        },
      };
      if (ifAvailable && !this.#isFree(request, this.#waiting)) {
        queueMicrotask(() => {
          const run = async (): Promise<R> => callback(null);
          run().then(resolve, reject);
        });
        return;
      }
      this.#waiting.push(request);
      // From a task of its own, as a platform does.
      setImmediate(() => {
        this.#grant();
      });
    });
  }

  query(): Promise<{ held: { name: string }[] }> {
    return Promise.resolve({ held: this.#held.map(({ name }) => ({ name })) });
  }

  #isFree(request: Request, before: readonly Request[]): boolean {
    return ![...this.#held, ...before].some(
      ({ name, shared }) => name === request.name && !(shared && request.shared),
    );
  }

  #grant(): void {
    for (const request of [...this.#waiting]) {
      const index = this.#waiting.indexOf(request);
      if (!this.#isFree(request, this.#waiting.slice(0, index))) continue;
      this.#waiting.splice(index, 1);
      this.#held.push(request);
      request.start();
    }
  }
}
