import { ReadbackRing } from '../readback-ring.js';

/**
 * Unmaps buffers whose map is pending, as somebody else who holds them could: each map rejects with an `AbortError`.
 *
 * @param target a ring, or buffers.
 * @returns how many maps it aborted.
 *
 * @example A read whose map is taken away
 * ```ts
 * import type { ReadbackRing } from '@dma-fence/webgpu';
 * import { abortMaps } from '@dma-fence/webgpu/testing';
 *
 * async function abort(ring: ReadbackRing, reading: Promise<unknown>): Promise<unknown> {
 *   abortMaps(ring); // 0, 1 … : as many as are being read
 *   return reading.catch((error: unknown) => error); // ECANCELED
 * }
 * ```
 */
export function abortMaps(target: ReadbackRing | Iterable<GPUBuffer>): number {
  const buffers = target instanceof ReadbackRing ? target._all.map(({ buffer }) => buffer) : [...target];
  const pending = buffers.filter(({ mapState }) => mapState === 'pending');
  for (const buffer of pending) buffer.unmap();
  return pending.length;
}
