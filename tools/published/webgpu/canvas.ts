import { SharedTimeline } from '@dma-fence/core/shared';

/** A page that learns from a worker which frames the GPU has done. */
const frames = SharedTimeline.create({ driverName: 'gpu', timelineName: 'frames' });
const canvas = document.createElement('canvas');
document.body.append(canvas);
const offscreen = canvas.transferControlToOffscreen();
const worker = new Worker('/canvas-worker.js', { type: 'module' });
worker.onerror = ({ message }) => {
  void fetch('/report', { method: 'POST', body: JSON.stringify({ message }) });
};
worker.postMessage({ canvas: offscreen, frames: frames.handle }, [offscreen]);

const results: (string | undefined)[] = [];
for (let frame = 1; frame <= 30; frame++) {
  const fence = frames.fenceAt(frame);
  await fence.wait({ timeoutMs: 300_000 }).catch(() => undefined);
  results.push(fence.error?.code ?? fence.status);
  fence.put();
}
await fetch('/report', { method: 'POST', body: JSON.stringify(results) });
