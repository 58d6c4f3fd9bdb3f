import { GpuQueue } from '@dma-fence/webgpu';

export async function mustRender(device: GPUDevice, renderOneFrame: () => void): Promise<void> {
  using queue = new GpuQueue(device);
  using _adoption = queue.adopt();
  using frame = queue.upcoming();
  renderOneFrame();
  await frame.wait({ timeoutMs: 30_000 }); // rejects if the frame was invalid, or never submitted
}
