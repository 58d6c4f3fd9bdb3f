import { SharedTimeline, type SharedTimelineHandle } from '@dma-fence/core/shared';
import { FramePacer, GpuQueue } from '@dma-fence/webgpu';

/** Draws frames to an `OffscreenCanvas`, and tells by a shared timeline which of them the GPU has done. */
addEventListener(
  'message',
  ({ data }: MessageEvent<{ canvas: OffscreenCanvas; frames: SharedTimelineHandle }>) => {
    void draw(data.canvas, SharedTimeline.attach(data.frames));
  },
);

async function draw(canvas: OffscreenCanvas, frames: SharedTimeline): Promise<void> {
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter?.requestDevice();
  const context = canvas.getContext('webgpu');
  if (device === undefined || context === null) throw new Error('no WebGPU in this worker');
  context.configure({ device, format: navigator.gpu.getPreferredCanvasFormat() });

  const queue = new GpuQueue(device, { name: 'canvas' });
  const pacer = new FramePacer(queue);
  for (let frame = 1; frame <= 30; frame++) {
    await pacer.wait();
    const encoder = device.createCommandEncoder();
    const view = context.getCurrentTexture().createView();
    const clearValue = [frame / 30, 0, 0, 1];
    encoder
      .beginRenderPass({ colorAttachments: [{ view, loadOp: 'clear', storeOp: 'store', clearValue }] })
      .end();
    // Frame 10 is broken on purpose.
    if (frame === 10) encoder.pushDebugGroup('never popped');
    const done = queue.submit([encoder]);
    done.addCallback(({ seqno, error }) => {
      frames.advanceTo(seqno, error?.code);
    });
    pacer.track(done);
    done.put();
    await new Promise(requestAnimationFrame);
  }
}
