import { type DmaFenceContext, type DriverFence, FenceError } from '@dma-fence/core';

interface Port {
  postMessage(message: unknown): void;
  onmessage: ((event: { readonly data: unknown }) => void) | null;
}

interface Reply {
  readonly seqno: number;
  readonly error?: string;
}

export class Pool implements Disposable {
  readonly #pending = new Map<number, DriverFence>();
  readonly #port: Port;
  readonly #context: DmaFenceContext;

  constructor(port: Port, context: DmaFenceContext) {
    this.#port = port;
    this.#context = context;
    port.onmessage = ({ data }) => {
      this.#settle(data as Reply);
    };
  }

  run(work: unknown): DriverFence {
    const fence = this.#context.createFence();
    this.#pending.set(fence.seqno, fence.get());
    this.#port.postMessage({ seqno: fence.seqno, work });
    return fence;
  }

  #settle({ seqno, error }: Reply): void {
    const fence = this.#pending.get(seqno);
    if (!fence) return;
    this.#pending.delete(seqno);
    try {
      if (error === undefined) fence.signal();
      else fence.fail(new FenceError('EIO', error));
    } finally {
      fence.put();
    }
  }

  [Symbol.dispose](): void {
    for (const [seqno, fence] of [...this.#pending]) {
      fence.fail('ECANCELED');
      fence.put();
      this.#pending.delete(seqno);
    }
  }
}
