import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';

interface Packet {
  readonly isKey: boolean;
  readonly bytes: Uint8Array;
}

interface Frame {
  readonly ready: DmaFence;
  close(): void;
}

export class Decoder {
  readonly #context: DmaFenceContext;
  readonly #waiting: DriverFence[] = [];
  #closed = false;

  constructor(context: DmaFenceContext) {
    this.#context = context;
  }

  decode(packet: Packet): Frame | undefined {
    if (this.#closed) return undefined;
    if (!packet.isKey && this.#waiting.length === 0) return undefined;
    const ready = this.#context.createFence(packet.bytes.length);
    this.#waiting.push(ready.get());
    return {
      ready,
      close: () => {
        ready.put();
      },
    };
  }

  output(): void {
    // reports no-fence-leak
    const fence = this.#waiting.shift();
    if (!fence) return;
    fence.signal();
    this.#closed ||= fence.data === undefined;
  }

  close(): void {
    this.#closed = true;
    while (this.#waiting.length > 0) {
      const fence = this.#waiting.pop();
      fence?.fail('ECANCELED');
      fence?.put();
    }
  }
}
