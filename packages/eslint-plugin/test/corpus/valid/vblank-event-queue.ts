import { type DriverFence, beginSignalling } from '@dma-fence/core';
type VblankEvent = { seq: number; fence: DriverFence | undefined };
export class Crtc {
  #events: VblankEvent[] = [];
  #seq = 0;
  queue(fence: DriverFence | undefined, after: number): void {
    this.#events.push({ seq: this.#seq + after, fence: fence?.get() as DriverFence | undefined });
  }
  vblank(): void {
    this.#seq++;
    const due = this.#events.filter((e) => e.seq <= this.#seq);
    this.#events = this.#events.filter((e) => e.seq > this.#seq);
    const section = beginSignalling();
    for (const e of due) {
      if (!e.fence) continue;
      e.fence.signal(performance.now());
      e.fence.put();
    }
    section.end();
  }
}
