/**
 * A process that traces what it does with a timeline, and sends the spans to a receiver:
 * `node servers/tracer.js <own|wait> <engine> <port> <timeline> <url>`
 */
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { FenceCluster } from '@dma-fence/cluster';
import { traceFences } from '@dma-fence/otel';
import { engineOf } from '../stress/engine.js';

const [role = '', kind = '', port = '', timelineName = '', url = ''] = process.argv.slice(2);
const tracerProvider = new TracerProvider({
  spanProcessors: [new SimpleSpanProcessor({ exporter: new OTLPTraceExporter({ url }) })],
});
const tracing = traceFences({ tracerProvider, meterProvider: false });
const cluster = await FenceCluster.connect(engineOf(kind, Number(port)));
const timeline = await cluster.timeline({ driverName: 'traced', timelineName });
const pause = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));

if (role === 'own') {
  const owner = await timeline.own();
  const fence = timeline.fenceAt(1);
  process.stdout.write('owner\n');
  // Until the other one waits.
  await pause(1500);
  await owner.advanceTo(1);
  fence.put();
  await owner[Symbol.asyncDispose]();
} else {
  const fence = timeline.fenceAt(1);
  process.stdout.write('waiter\n');
  await fence.wait({ timeoutMs: 20_000 });
  fence.put();
}
tracing[Symbol.dispose]();
await tracerProvider.shutdown();
await cluster[Symbol.asyncDispose]();
