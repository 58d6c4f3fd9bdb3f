import type { DmaFence } from '@dma-fence/core';
export class Session implements AsyncDisposable {
  readonly #tail: DmaFence;
  constructor(tail: DmaFence) {
    this.#tail = tail.get();
  }
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#tail.wait();
    } finally {
      this.#tail.put();
    }
  }
}
export async function scope(tail: DmaFence, run: (s: Session) => Promise<void>): Promise<void> {
  await using session = new Session(tail);
  await run(session);
}
