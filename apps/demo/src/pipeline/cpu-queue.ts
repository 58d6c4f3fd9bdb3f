import { beginSignalling, waitAll, type Borrowed, type Owned } from '@dma-fence/core';
import { monotonicNow } from '../clock.js';
import { asWorkOf, leavesOf, WorkRecord, WorkTimeline, type Dependencies } from './work.js';

/** A piece of work that was handed in. */
export interface CpuJob<R> {
  /** Its fence, which the caller must `put()`. */
  readonly fence: Owned;
  /** What came of it; rejects with what it failed with. Its failure is told by the fence, too, so nobody need listen. */
  readonly result: Promise<R>;
}

/** An in-order queue of the main thread's own work. Its fences are like an engine's: any thread can wait for them. */
export class CpuQueue implements Disposable {
  readonly #timeline: WorkTimeline;
  #last: Promise<unknown> = Promise.resolve();

  constructor(name: string) {
    this.#timeline = new WorkTimeline('cpu', name);
  }

  /**
   * Does `work` once everything before it and everything in `after` is over and `input` is there.
   *
   * @param label - what it does, and `frame` the number of its picture
   * @param input - what it needs besides
   */
  submit<I, R>(
    label: string,
    frame: number,
    after: Dependencies,
    input: Promise<I>,
    work: (input: I) => R,
  ): CpuJob<R> {
    const record = new WorkRecord(label, frame, monotonicNow());
    const fence = this.#timeline.add(record);
    const result = this.#run(fence, record, after, input, work);
    this.#last = result.catch(() => undefined);
    return { fence, result };
  }

  /** Ends it: what is not over fails with `ECANCELED`. */
  [Symbol.dispose](): void {
    this.#timeline[Symbol.dispose]();
  }

  async #run<I, R>(
    fence: Borrowed,
    record: WorkRecord,
    after: Dependencies,
    input: Promise<I>,
    work: (input: I) => R,
  ): Promise<R> {
    const { seqno } = fence;
    const turn = this.#last;
    const data = leavesOf(fence, after.data).map((leaf) => leaf.get());
    const all = [...data, ...leavesOf(fence, after.order).map((leaf) => leaf.get())];
    try {
      // Over, before it is asked how they ended: nobody may go on beside those that still run. How other work on a buffer ended is
      // no concern of who overwrites it.
      await Promise.allSettled(all.map((leaf) => asWorkOf(fence, () => leaf.wait())));
      await waitAll(data);
      const given = await input;
      await turn;
      using _section = beginSignalling();
      record.startedAt = monotonicNow();
      const result = work(given);
      record.endedAt = monotonicNow();
      this.#timeline.shared.advanceTo(seqno);
      return result;
    } catch (error) {
      await turn;
      this.#timeline.shared.advanceTo(seqno, error instanceof Error ? error : new Error(String(error)));
      throw error;
    } finally {
      for (const leaf of all) leaf.put();
    }
  }
}
