/**
 * # `@dma-fence/webgpu`
 *
 * - A submit is a fence: it signals when the GPU is done and the submit was valid, else it fails with the GPU's own error.
 * - A fence ends when completion and verdict are both in, ascending; a bad submit alone fails.
 * - A lost device fails everything pending with `ENODEV`, ascending, in one turn. Nothing hangs, nothing rejects unhandled.
 * - A read-back gives the bytes of its own submit or none.
 * - No error scope is held over a turn. An error that nobody heard goes to `uncapturederror`.
 *
 * @packageDocumentation
 */
export { FramePacer, type FramePacerOptions } from './frame-pacer.js';
export { GpuQueue, type GpuQueueOptions, type Retired } from './gpu-queue.js';
export { ReadbackRing, type ReadbackRingOptions } from './readback-ring.js';
export type { ReadbackSlot } from './readback-slot.js';
