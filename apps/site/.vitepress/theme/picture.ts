import type { FromRun } from './run.ts';

/** A fence as it is drawn: a bar from its creation to its signal. */
export interface Bar {
  readonly id: number;
  readonly name: string;
  readonly lane: string;
  readonly from: number;
  to: number | undefined;
  error: string | undefined;
  /** Waits for it. */
  readonly waits: { readonly id: number; readonly from: number; to: number | undefined }[];
}

/** What the fences of a run have done so far. */
export class Picture {
  readonly bars: Bar[] = [];
  readonly #bars = new Map<number, Bar>();
  readonly #waits = new Map<number, Bar['waits'][number]>();
  /** When the last thing happened; milliseconds since the run began. */
  end = 0;

  take(message: FromRun): void {
    if (message.kind === 'print') return;
    this.end = Math.max(this.end, message.at);
    if (message.kind === 'fence') {
      const { id, name, lane, at } = message;
      const bar: Bar = { id, name, lane, from: at, to: undefined, error: undefined, waits: [] };
      this.bars.push(bar);
      this.#bars.set(id, bar);
    } else if (message.kind === 'signaled') {
      const bar = this.#bars.get(message.id);
      if (bar !== undefined) [bar.to, bar.error] = [message.at, message.error];
    } else if (message.kind === 'wait') {
      const wait = { id: message.id, from: message.at, to: undefined };
      this.#bars.get(message.fence)?.waits.push(wait);
      this.#waits.set(message.id, wait);
    } else if (message.kind === 'waited') {
      const wait = this.#waits.get(message.id);
      if (wait !== undefined) wait.to = message.at;
    }
  }
}
