import { DmaFenceContext, type DmaFence } from '@dma-fence/core';

const transfers = new DmaFenceContext({ driverName: 'usb', timelineName: 'bulk' });

export class Download {
  readonly #signal: AbortSignal;
  #transfer: DmaFence | undefined;
  state: 'idle' | 'running' | 'aborted' | 'closed' = 'idle';

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  readonly start = (work: () => Promise<void>): void => {
    if (this.state !== 'idle') throw new Error('started already');
    this.#transfer = transfers.run(work);
    this.state = 'running';
    this.#signal.addEventListener('abort', this.onAbort, { once: true });
  };

  private readonly onAbort = (): void => {
    this.#transfer?.put();
    this.state = 'aborted';
  };

  readonly finished = async (): Promise<boolean> => {
    if (!this.#transfer || this.state !== 'running') return false;
    using transfer = this.#transfer.get();
    return transfer.wait().then(
      () => true,
      () => false,
    );
  };

  readonly close = (): void => {
    this.#signal.removeEventListener('abort', this.onAbort);
    // reports no-double-put
    this.#transfer?.put();
    this.#transfer = undefined;
    this.state = 'closed';
  };
}
