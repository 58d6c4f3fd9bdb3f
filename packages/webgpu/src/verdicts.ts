import type { FenceError } from '@dma-fence/core';

/**
 * What became of each submit: a pure decision, without a device.
 *
 * Completion and verdict are two facts that come in any order. A submit ends when both are in, ascending, and a bad one alone fails:
 *
 *     ended      done                     submitted
 *       |----------|-------------------------|        values
 *       ^ the next may end: it is done, and none of its verdicts is open
 */
export class Verdicts {
  /** Verdicts that are still to come, by submit; nothing for those of which all are in. */
  readonly #open = new Map<number, number>();
  /** What the bad ones among the pending fail with. */
  readonly #errors = new Map<number, FenceError>();
  readonly #end: (seqno: number, error: FenceError | undefined) => void;
  #done = 0;
  #ended = 0;
  /** The ends of fences run foreign code, which may call us again. */
  #settling = false;

  /** @param end submit `seqno` has ended, well or with that error. */
  constructor(end: (seqno: number, error: FenceError | undefined) => void) {
    this.#end = end;
  }

  /** A verdict on submit `seqno` will come; also before that submit was made. */
  expect(seqno: number): void {
    this.#open.set(seqno, (this.#open.get(seqno) ?? 0) + 1);
  }

  /** It came: nothing, or an error. Of several the first told stays, but memory wins: the others follow from it. */
  judge(seqno: number, error: FenceError | undefined): void {
    const known = this.#errors.get(seqno);
    if (
      error !== undefined &&
      (known === undefined || (error.code === 'ENOMEM' && known.code !== 'ENOMEM'))
    ) {
      this.#errors.set(seqno, error);
    }
    const open = (this.#open.get(seqno) ?? 1) - 1;
    if (open > 0) this.#open.set(seqno, open);
    else this.#open.delete(seqno);
    this.#settle();
  }

  /** The GPU is done with everything up to `seqno`. */
  done(seqno: number): void {
    if (seqno <= this.#done) return;
    this.#done = seqno;
    this.#settle();
  }

  #settle(): void {
    if (this.#settling) return;
    this.#settling = true;
    for (let next; this.#ready((next = this.#ended + 1));) {
      const error = this.#errors.get(next);
      this.#errors.delete(next);
      this.#ended = next;
      this.#end(next, error);
    }
    this.#settling = false;
  }

  #ready(seqno: number): boolean {
    return seqno <= this.#done && !this.#open.has(seqno);
  }
}
