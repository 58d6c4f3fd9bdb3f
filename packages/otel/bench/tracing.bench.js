/**
 * What tracing costs, as ratios within one run: `node bench/tracing.bench.js [--json | --record]`, after a build.
 *
 * Processor time, not the clock: others may be using the machine. Each kind of tracing has processes of its own, as it
 * has in life; in each it takes turns, in short rounds, with what it is compared to. The median round counts, and the
 * median process.
 */
import { addFenceTracer, DmaFenceContext } from '@dma-fence/core';
import { traceFences } from '@dma-fence/otel';
import { context, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { AsyncLocalStorage } from 'node:async_hooks';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BOUNDS, recordFigures, sdkVersion } from './figures.js';

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
 * @property {() => Disposable} [install] traced like this while it runs
 * @property {import('@opentelemetry/api').Context} [within]
 */

/** The floor: what a tracer cannot do without that has to know where a fence was created. */
const storage = new AsyncLocalStorage();

class ContextReader {
  outside = 0;

  init() {
    if (storage.getStore() === undefined) this.outside++;
  }

  /** @param {import('@dma-fence/core').DmaFence} fence */
  signaled(fence) {
    if (fence.traceState !== undefined) this.outside--;
  }
}

/** @param {import('@dma-fence/otel').TraceFencesOptions} options */
const traced = (options) => () => traceFences(options);
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
  'no SDK registered': { run: fenceAlone, install: traced({ meterProvider: false }) },
  'the floor: a bare tracer that reads one `AsyncLocalStorage`': {
    run: fenceAlone,
    install: () => addFenceTracer(new ContextReader()),
    within: unsampledParent,
  },
  '`requireParent`, outside of a span': {
    run: fenceAlone,
    install: traced({ ...spans, requireParent: true }),
  },
  'under an unsampled span': { run: fenceAlone, install: traced(spans), within: unsampledParent },
  'the same with a callback, which runs in its context': {
    run: fence,
    install: traced(spans),
    within: unsampledParent,
  },
  'metrics, nothing sampled, with a callback': { run: fence, install: traced(metrics) },
  'the same without attributes': { run: fence, install: traced({ ...metrics, metricAttributes: [] }) },
  'recorded, with the event of its signal': { run: fenceAlone, install: traced(spans) },
  'recorded, with a callback': { run: fence, install: traced(spans) },
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
    for (const [turn, { run, install, within }] of turns) {
      const installed = install?.();
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
  const costs = Object.entries(works).map(([name, { run }]) => {
    const runs = Array.from({ length: PROCESSES }, () => {
      /** @type {unknown} */
      const measured = JSON.parse(
        execFileSync(process.execPath, [self, '--one', name], { encoding: 'utf8' }),
      );
      return /** @type {Record<'promise' | 'fence' | 'fenceAlone' | 'sdkSpan' | 'work', number>} */ (
        measured
      );
    });
    const plain = run === fence ? 'fence' : 'fenceAlone';
    return {
      name,
      abovePlain: median(runs.map((of) => (of.work - of[plain]) / of.promise)),
      ofSdkSpan: median(runs.map(({ work, sdkSpan }) => work / sdkSpan)),
    };
  });
  if (process.argv.includes('--json')) {
    console.log(JSON.stringify(costs));
  } else {
    console.log(`Node ${process.version}: a fence's life under each kind of tracing`);
    for (const { name, abovePlain, ofSdkSpan } of costs) {
      const { promises = Infinity, spans: bound = Infinity } = BOUNDS[name] ?? {};
      const missed = abovePlain > promises || ofSdkSpan > bound;
      if (missed) process.exitCode = 1;
      console.log(
        `${name.padEnd(60)} ${abovePlain.toFixed(2).padStart(6)} promises above an untraced fence, ${ofSdkSpan.toFixed(2)} of a span by hand${missed ? ', more than it may' : ''}`,
      );
    }
  }
  if (process.argv.includes('--record'))
    recordFigures({ node: process.versions.node, sdk: sdkVersion(), costs });
}
