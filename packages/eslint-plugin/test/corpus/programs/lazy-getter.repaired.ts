import { DmaFenceContext, type DmaFence } from '@dma-fence/core';

const loader = new DmaFenceContext({ driverName: 'assets', timelineName: 'load' });

export class Asset implements Disposable {
  readonly url: string;
  #ready: DmaFence | undefined;

  constructor(url: string) {
    this.url = url;
  }

  /** The fence of the load, which begins with the first question. */
  get ready(): DmaFence {
    this.#ready ??= loader.run(() => this.#load());
    return this.#ready;
  }

  async #load(): Promise<void> {
    await Promise.resolve();
    if (this.url.startsWith('bad:')) throw new Error(`cannot load ${this.url}`);
  }

  get state(): string {
    return this.#ready ? this.ready.status : 'idle';
  }

  async use(): Promise<string> {
    try {
      await this.ready.wait();
      return `using ${this.url}`;
    } catch (error) {
      return error instanceof Error ? error.message : 'unknown';
    }
  }

  [Symbol.dispose](): void {
    this.#ready?.put();
    this.#ready = undefined;
  }
}
