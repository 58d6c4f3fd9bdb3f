import { FenceTimeline, type DmaFence } from '@dma-fence/core';

export class Channel implements Disposable {
  readonly #timeline = new FenceTimeline({ driverName: 'net', timelineName: 'rx' });
  readonly #sent = new Map<number, DmaFence>();

  send(bytes: Uint8Array): number {
    const fence = this.#timeline.createFence(bytes.length);
    this.#sent.set(fence.seqno, fence);
    return fence.seqno;
  }

  acknowledge(upTo: number): void {
    this.#timeline.advanceTo(upTo);
    for (const [seqno, fence] of this.#sent) {
      if (seqno > upTo) break;
      this.#sent.delete(seqno);
      fence.put();
    }
  }

  async reached(value: number, signal?: AbortSignal): Promise<void> {
    using fence = this.#timeline.fenceAt(value);
    await fence.wait(signal ? { signal } : {});
  }

  [Symbol.dispose](): void {
    this.#timeline.cancel();
    for (const fence of this.#sent.values()) fence.put();
    this.#sent.clear();
    this.#timeline[Symbol.dispose]();
  }
}
