/**
 * Takes what tracers know of a fence to the other threads in which the same fence exists; only the context of a shared
 * timeline has one.
 *
 * @example A tracer that tells other threads who made a fence
 * ```ts
 * import { addFenceTracer, type TraceCarrier } from '@dma-fence/core';
 *
 * const mine = new Uint8Array(25).fill(7);
 * addFenceTracer({
 *   init(fence) {
 *     const carrier: TraceCarrier | undefined = fence.context.carrier;
 *     const theirs = carrier?.read(fence.seqno);
 *     if (theirs === undefined) carrier?.offer(fence.seqno, mine);
 *   },
 * })[Symbol.dispose]();
 * ```
 */
export interface TraceCarrier {
  /**
   * Leaves 25 bytes for a fence, such as its trace context; those of the first thread stay.
   *
   * @returns whether they were taken: not when a thread was there before, nor where the timeline is read-only.
   */
  offer(seqno: number, bytes: Uint8Array): boolean;
  /** The bytes that any thread left for a fence; undefined when none did, or the 64 values after it have taken the place. */
  read(seqno: number): Uint8Array | undefined;
  /**
   * How many threads block for a fence in `waitSync`, this one included; one that was terminated meanwhile counts until the
   * fence's value is finished. Absent where threads cannot block.
   */
  blocked?(seqno: number): number;
}
