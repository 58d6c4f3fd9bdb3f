import { FenceCallback, type DmaFence } from '@dma-fence/core';
export class Entity {
  readonly #jobs: { deps: DmaFence[]; run: () => void }[] = [];
  #waiting: DmaFence | undefined;
  readonly #wake = new FenceCallback(() => {
    this.#waiting?.put();
    this.#waiting = undefined;
    queueMicrotask(() => this.pump());
  });
  push(deps: readonly DmaFence[], run: () => void): void {
    this.#jobs.push({ deps: deps.map((d) => d.get()), run });
    this.pump();
  }
  pump(): void {
    while (this.#waiting === undefined) {
      const job = this.#jobs[0];
      if (job === undefined) return;
      const dep = job.deps.pop();
      if (dep === undefined) {
        this.#jobs.shift();
        job.run();
        continue;
      }
      if (dep.addCallback(this.#wake)) this.#waiting = dep;
      else dep.put();
    }
  }
  destroy(): void {
    if (this.#waiting?.removeCallback(this.#wake)) {
      this.#waiting.put();
      this.#waiting = undefined;
    }
    for (const { deps } of this.#jobs.splice(0)) for (const d of deps) d.put();
  }
}
