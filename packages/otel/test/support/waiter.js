// Another thread of `trace-context.test.ts`: waits for a value of a shared timeline. Runs what is published.
import { SharedTimeline } from '@dma-fence/core/shared';
import { traceFences } from '@dma-fence/otel';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { parentPort, workerData } from 'node:worker_threads';

const given = /** @type {unknown} */ (workerData);
const { url, handle, value, blocks } =
  /** @type {{ url: string; handle: import('@dma-fence/core/shared').SharedTimelineHandle; value: number; blocks?: boolean }} */ (
    given
  );
const provider = new TracerProvider({
  resource: resourceFromAttributes({ 'service.name': 'waiter' }),
  spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
});
const tracing = traceFences({ tracerProvider: provider });

const timeline = SharedTimeline.attach(handle);
if (blocks === true) {
  parentPort?.postMessage('about to block');
  timeline.waitSync(value);
} else {
  const fence = timeline.fenceAt(value);
  const waited = fence.wait();
  parentPort?.postMessage('waiting');
  await waited;
  fence.put();
}

tracing[Symbol.dispose]();
timeline[Symbol.dispose]();
await provider.shutdown();
