/**
 * What tracing costs, as ratios within one run: `node bench/tracing.bench.js [--json]`, after a build.
 *
 * Processor time, not the clock: others may be using the machine. Each kind of tracing has processes of its own, as it
 * has in life; in each it takes turns, in short rounds, with what it is compared to. The median round counts, and the
 * median process.
 */
import { DmaFenceContext } from '@dma-fence/core';
import { traceFences } from '@dma-fence/otel';
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROUNDS = 25;
const ROUND = 4000;
const PROCESSES = 3;

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

const callback = () => undefined;
const gpu = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });

function promise() {
  /** @type {(value?: undefined) => void} */
  let resolve = callback;
  void new Promise((settle) => {
    resolve = settle;
  }).then(callback);
  resolve();
}

function fence() {
  const fence = gpu.createFence();
  fence.addCallback(callback);
  fence.signal();
  fence.put();
}

function fenceAlone() {
  const fence = gpu.createFence();
  fence.signal();
  fence.put();
}

const provider = new TracerProvider();
const tracer = provider.getTracer('bench');

let spanNumber = 0;

/** What an application would write that traced its jobs by hand. */
function sdkSpan() {
  spanNumber++;
  tracer
    .startSpan('fence ring0', {
      attributes: {
        'dma_fence.context': '1',
        'dma_fence.seqno': String(spanNumber),
        'dma_fence.driver.name': 'gpu',
        'dma_fence.timeline.name': 'ring0',
      },
    })
    .end();
}

const unsampledParent = trace.setSpanContext(ROOT_CONTEXT, {
  traceId: '0123456789abcdef0123456789abcdef',
  spanId: '0123456789abcdef',
  traceFlags: 0,
});

/**
 * @typedef {object} Work
 * @property {() => void} run
 * @property {import('@dma-fence/otel').TraceFencesOptions} [tracing] traced like this while it runs
 * @property {import('@opentelemetry/api').Context} [within]
 */

const meterProvider = new MeterProvider();
/** @type {import('@dma-fence/otel').TraceFencesOptions} */
const spans = { tracerProvider: provider, meterProvider: false };
/** @type {import('@dma-fence/otel').TraceFencesOptions} */
const metrics = { tracerProvider: provider, meterProvider, requireParent: true };

/** @type {Record<string, Work>} */
const baselines = {
  promise: { run: promise },
  fence: { run: fence },
  fenceAlone: { run: fenceAlone },
  sdkSpan: { run: sdkSpan },
};

/** @type {Record<string, Work>} */
const works = {
  'no SDK': { run: fenceAlone, tracing: { meterProvider: false } },
  'no parent, requireParent': { run: fenceAlone, tracing: { ...spans, requireParent: true } },
  'unsampled parent': { run: fenceAlone, tracing: spans, within: unsampledParent },
  'unsampled parent, callback': { run: fence, tracing: spans, within: unsampledParent },
  'metrics by driver': { run: fence, tracing: metrics },
  'metrics without attributes': { run: fence, tracing: { ...metrics, metricAttributes: [] } },
  'no parent, requireParent, callback': { run: fence, tracing: { ...spans, requireParent: true } },
  recorded: { run: fenceAlone, tracing: spans },
  'recorded, callback': { run: fence, tracing: spans },
};

/** One process: nanoseconds for one kind of tracing, and for what it is compared to. */
async function measure(/** @type {string} */ name) {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const work = works[name];
  if (work === undefined) throw new Error(`no work is called ${name}`);
  const turns = Object.entries({ ...baselines, work });
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(turns.map(([turn]) => [turn, []]));
  for (let round = -5; round < ROUNDS; round++) {
    for (const [turn, { run, tracing, within }] of turns) {
      const installed = tracing && traceFences(tracing);
      await context.with(within ?? ROOT_CONTEXT, async () => {
        const start = process.cpuUsage();
        for (let count = 0; count < ROUND; count++) run();
        await Promise.resolve(); // the promises' callbacks have run
        const { user, system } = process.cpuUsage(start);
        if (round >= 0) times[turn]?.push(((user + system) * 1000) / ROUND);
      });
      installed?.[Symbol.dispose]();
    }
  }
  return Object.fromEntries(Object.entries(times).map(([turn, list]) => [turn, median(list)]));
}

const one = process.argv.indexOf('--one');
if (one > 0) {
  console.log(JSON.stringify(await measure(process.argv[one + 1] ?? '')));
} else {
  const self = fileURLToPath(import.meta.url);
  /** @type {Record<string, { abovePlain: number, ofSdkSpan: number }>} */
  const table = {};
  for (const name of Object.keys(works)) {
    const runs = Array.from({ length: PROCESSES }, () => {
      /** @type {unknown} */
      const run = JSON.parse(execFileSync(process.execPath, [self, '--one', name], { encoding: 'utf8' }));
      return /** @type {Record<'promise' | 'fence' | 'fenceAlone' | 'sdkSpan' | 'work', number>} */ (run);
    });
    table[name] = {
      abovePlain: median(
        runs.map(
          (run) =>
            (run.work - run[/** @type {'fence' | 'fenceAlone'} */ (works[name]?.run.name)]) / run.promise,
        ),
      ),
      ofSdkSpan: median(runs.map(({ work, sdkSpan }) => work / sdkSpan)),
    };
  }
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(table));
  } else {
    console.log(
      `Node ${process.version}: a fence's life with one callback, or without, under each kind of tracing`,
    );
    for (const [name, { abovePlain, ofSdkSpan }] of Object.entries(table)) {
      console.log(
        `${name.padEnd(36)} ${abovePlain.toFixed(2).padStart(6)} promises above an untraced fence, ${ofSdkSpan.toFixed(2)} of a bare SDK span`,
      );
    }
  }
}
