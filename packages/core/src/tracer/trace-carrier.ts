/**
 * Passes information of tracers about a fence to other threads with the same fence. Only the context of a shared timeline has
 * one.
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
   * Stores 25 bytes for a fence, for instance its trace context. The bytes of the first thread are kept.
   *
   * @returns true if the bytes were stored. False if another thread was first, or if the timeline is read-only.
   */
  offer(seqno: number, bytes: Uint8Array): boolean;
  /** The bytes that a thread stored for a fence. Undefined if there are none, or if the 64 values after it have overwritten them. */
  read(seqno: number): Uint8Array | undefined;
  /**
   * Returns how many threads block for a fence in `waitSync`, this thread included. A terminated thread counts until the value of the
   * fence is finished. Absent on platforms where threads cannot block.
   */
  blocked?(seqno: number): number;
}
