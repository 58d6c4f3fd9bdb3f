import { DmaFenceContext, type DmaFence } from '@dma-fence/core';

interface Edit {
  readonly label: string;
  readonly saved: DmaFence;
}

export class UndoList implements Disposable {
  readonly #context = new DmaFenceContext({ driverName: 'editor', timelineName: 'autosave' });
  #edits: Edit[] = [];
  #position = 0;

  push(label: string, save: () => Promise<void>): void {
    // reports require-field-release
    this.#edits.length = this.#position;
    this.#edits.push({ label, saved: this.#context.run(save) });
    this.#position++;
  }

  undo(): string | undefined {
    if (this.#position === 0) return undefined;
    this.#position--;
    return this.#edits[this.#position]?.label;
  }

  redo(): string | undefined {
    if (this.#position === this.#edits.length) return undefined;
    return this.#edits[this.#position++]?.label;
  }

  async flush(): Promise<number> {
    let failed = 0;
    for (const edit of this.#edits) {
      try {
        await edit.saved.wait();
      } catch {
        failed++;
      }
    }
    return failed;
  }

  [Symbol.dispose](): void {
    for (const edit of this.#edits) edit.saved.put();
    this.#edits = [];
    this.#position = 0;
  }
}
