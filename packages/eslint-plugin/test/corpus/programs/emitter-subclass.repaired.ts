import { DmaFenceContext, type DmaFence } from '@dma-fence/core';
import { EventEmitter } from 'node:events';

export class Channel extends EventEmitter {
  readonly #context = new DmaFenceContext({ driverName: 'rtc', timelineName: 'open' });
  #opened: DmaFence | undefined;
  destroyed = false;

  constructor() {
    super();
    this.on('close', this.#onClose);
  }

  open(handshake: () => Promise<void>): void {
    if (this.#opened) throw new Error('the channel is open');
    this.#opened = this.#context.run(handshake);
  }

  async ready(): Promise<boolean> {
    const opened = this.#opened?.get();
    if (!opened) return false;
    try {
      await opened.wait({ timeoutMs: 100 });
      return true;
    } catch {
      return false;
    } finally {
      opened.put();
    }
  }

  readonly #onClose = (): void => {
    this.#opened?.put();
    this.#opened = undefined;
  };

  destroy(): void {
    if (this.destroyed) return;
    this.destroyed = true;
    this.emit('close');
    this.removeAllListeners();
  }
}
