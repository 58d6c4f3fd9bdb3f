import type { GpuQueue, ReadbackRing } from '@dma-fence/webgpu';

export async function readBack(
  queue: GpuQueue,
  ring: ReadbackRing,
  encoder: GPUCommandEncoder,
  result: GPUBuffer,
): Promise<number> {
  using slot = await ring.acquire();
  slot.copy(encoder, result);
  using fence = queue.submit([encoder]);
  return await slot.read(fence, (bytes) => new Uint32Array(bytes)[0] ?? NaN); // this submit's number, or it rejects
}
