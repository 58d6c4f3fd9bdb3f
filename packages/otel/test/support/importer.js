// The other thread of `trace-context.test.ts`: runs what is published, since Node 20 reads no TypeScript.
import { DmaFenceContext } from '@dma-fence/core';
import { decodeTraceContext, linkFence, traceFences } from '@dma-fence/otel';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { workerData } from 'node:worker_threads';

const given = /** @type {unknown} */ (workerData);
const { url, trace } = /** @type {{ url: string; trace: Uint8Array }} */ (given);
const exporter = new OTLPTraceExporter({ url });
const provider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter })] });
const tracing = traceFences({ tracerProvider: provider });

const fence = new DmaFenceContext({ driverName: 'gpu', timelineName: 'imported' }).createFence();
const exporting = decodeTraceContext(trace);
if (exporting !== undefined) linkFence(fence, exporting);
fence.signal();
fence.put();

tracing[Symbol.dispose]();
await provider.shutdown();
