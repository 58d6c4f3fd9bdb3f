/**
 * How many fences a second arrive as spans: `node bench/load.bench.js [--seconds 10]`, after a build.
 *
 * Fences are made and signaled at a steady rate with the settings of the guide; a process of its own is the backend, on the
 * loopback interface. What it got is decoded with the official definitions and counted by span id, after the load. Exit
 * code 1: at the guide's rate something was lost, or beyond it something was lost and not counted.
 */
import { DmaFenceContext } from '@dma-fence/core';
import { CountedSpanProcessor, traceFences } from '@dma-fence/otel';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** The settings of the guide. */
const SETTINGS = { maxQueueSize: 32_768, maxExportBatchSize: 2048, scheduledDelayMillis: 200 };
/** What they are for; and what no backend on the same cores keeps up with. */
const RATES = [100_000, 1_000_000];

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    backend: { type: 'boolean' },
  },
});

/**
 * The official definition, as protobufjs generates it.
 *
 * @typedef {{ resourceSpans: { scopeSpans: { spans: { spanId: Uint8Array }[] }[] }[] }} TraceRequest
 * @typedef {{ decode(bytes: Uint8Array): TraceRequest }} RequestType
 */

/** @typedef {{ rate: number, seconds: number, ended: number, received: number, dropped: number, failed: number, told: boolean, cores: number }} Load */

/** The backend: takes requests, and answers a message with the number of different spans in them. */
async function backend() {
  const { default: definitions } = await import('otlp-definitions/build/src/generated/root.js');
  const path = ['opentelemetry', 'proto', 'collector', 'trace', 'v1', 'ExportTraceServiceRequest'];
  const Request = /** @type {RequestType} */ (
    path.reduce(
      (/** @type {unknown} */ at, part) => /** @type {Record<string, unknown>} */ (at)[part],
      definitions,
    )
  );
  /** @type {Buffer[]} */
  const bodies = [];
  const server = createServer((request, response) => {
    /** @type {Buffer[]} */
    const chunks = [];
    request.on('data', (/** @type {Buffer} */ chunk) => chunks.push(chunk));
    request.on('end', () => {
      bodies.push(Buffer.concat(chunks));
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end();
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  process.on('message', () => {
    /** @type {Set<string>} */
    const ids = new Set();
    for (const body of bodies.splice(0)) {
      for (const { scopeSpans } of Request.decode(body).resourceSpans) {
        for (const { spans } of scopeSpans)
          for (const { spanId } of spans) ids.add(Buffer.from(spanId).toString('hex'));
      }
    }
    process.send?.(ids.size);
    process.disconnect();
    server.closeAllConnections();
    server.close();
  });
  process.send?.(/** @type {import('node:net').AddressInfo} */ (server.address()).port);
}

/** @param {import('node:child_process').ChildProcess} child */
async function numberFrom(child) {
  const message = /** @type {unknown[]} */ (await once(child, 'message'));
  return Number(message[0]);
}

/**
 * @param {number} rate fences a second
 * @param {number} seconds
 * @returns {Promise<Load>}
 */
async function load(rate, seconds) {
  const child = fork(fileURLToPath(import.meta.url), ['--backend']);
  const port = await numberFrom(child);
  let told = false;
  const counted = new CountedSpanProcessor(
    new OTLPTraceExporter({ url: `http://127.0.0.1:${String(port)}/v1/traces` }),
    (exporter) => new BatchSpanProcessor({ exporter, ...SETTINGS }),
    {
      maxQueueSize: SETTINGS.maxQueueSize,
      onLoss: () => {
        told = true;
      },
    },
  );
  const provider = new TracerProvider({ spanProcessors: [counted] });
  const tracing = traceFences({ tracerProvider: provider, meterProvider: false });
  const gpu = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
  const cpu = process.cpuUsage();
  const start = performance.now();
  let made = 0;
  for (let passed = 0; passed < seconds * 1000; passed = performance.now() - start) {
    // Not all that a stalled machine is behind with: a producer is busy, too, while it stands still.
    const due = Math.min(made + rate / 50, Math.round((passed * rate) / 1000));
    for (; made < due; made++) {
      const fence = gpu.createFence();
      fence.signal();
      fence.put();
    }
    await setImmediate();
  }
  const took = performance.now() - start;
  tracing[Symbol.dispose]();
  await provider.shutdown();
  const { user, system } = process.cpuUsage(cpu);
  child.send('count');
  const received = await numberFrom(child);
  const { ended, dropped, failed } = counted.counts;
  return {
    rate: (made * 1000) / took,
    seconds,
    ended,
    received,
    dropped,
    failed,
    told,
    cores: (user + system) / 1000 / took,
  };
}

if (values.backend === true) {
  await backend();
} else {
  for (const rate of RATES) {
    const { told, ...result } = await load(rate, Number(values.seconds));
    const { received, ended, dropped, failed, cores } = result;
    console.log(
      `${Math.round(result.rate).toLocaleString('en')} fences a second for ${String(result.seconds)} s: ${String(ended)} spans, ${String(received)} arrived, ${String(dropped)} dropped, ${String(failed)} failed, ${told ? 'told' : 'nothing told'}, ${cores.toFixed(2)} of a core`,
    );
    const lost = ended - received;
    if (lost !== dropped + failed || told !== lost > 0 || (rate === RATES[0] && lost > 0))
      process.exitCode = 1;
    if (rate === RATES[0] && result.rate < rate * 0.95) {
      console.log(`the machine is too busy: ${String(rate)} a second were meant`);
      process.exitCode = 1;
    }
  }
}
