import { insideFence, fenceSpanContext, traceFences, type FenceTracing } from '@dma-fence/otel';
import { addFenceTracer, type DmaFence } from '@dma-fence/core';
import {
  context,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type HrTime,
  type Span,
  type TracerProvider,
} from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { TracerProvider as SdkTracerProvider } from '@opentelemetry/sdk-trace';
import { hostname } from 'node:os';
import { monotonicNow } from '../clock.js';
import { PASSES } from '../pass/pass.js';
import { doWorkOf, workOf, type WorkRecord } from '../pipeline/work.js';
import { Delivery, type Delivered } from './delivery.js';
import { SpanLimit } from './span-limit.js';
import { printableUrl } from './traces-url.js';

/** What was sent of a run. */
export interface SentTrace extends Delivered {
  /** Where to. */
  readonly url: string;
  readonly traceId: string;
  /** Where a person sees it, if that is Jaeger at its usual port. */
  readonly page?: string | undefined;
  /** Whether there were more spans than a trace can show. */
  readonly cut: boolean;
}

/** So many spans a trace viewer shows with ease. */
const MOST_SPANS = 10_000;

/** The fences' clock, and so that of their spans: `performance.now()` counted from the process's start, to the nanosecond. */
function hrTime(ms = performance.now()): HrTime {
  const { timeOrigin } = performance;
  const seconds = Math.floor((timeOrigin + ms) / 1000);
  return [seconds, Math.floor((timeOrigin - seconds * 1000 + ms) * 1e6)];
}

/** From the clock that all threads share to the fences'. */
const SINCE_ORIGIN = performance.now() - monotonicNow();

/**
 * Sends a run to an OpenTelemetry collector, through the official SDK: one trace, whose root is the run, below it the
 * pictures, below these their fences, what these did, and their waits. A run too long for one trace gives each picture one of its own,
 * linked to the run's.
 *
 * Viewers know no lanes, but colour by service: so each engine, each upload and readback queue is a service of its own.
 */
export class RunTrace implements Disposable {
  readonly traceId: string;
  readonly #url: string;
  readonly #apart: boolean;
  readonly #delivery: Delivery;
  readonly #limit = new SpanLimit(MOST_SPANS);
  readonly #root: Span;
  readonly #tracing: FenceTracing;
  readonly #works: Disposable;
  readonly #scope: Disposable;
  readonly #providers = new Map<string, TracerProvider>();
  #pictures = 0;

  /**
   * @param url - of the collector's traces, `/v1/traces` included
   * @param attributes - what is to be known of the run
   * @param spans - how many spans are expected, about
   */
  constructor(url: string, attributes: Attributes, spans = 0) {
    this.#url = url;
    this.#apart = spans > MOST_SPANS;
    this.#delivery = new Delivery(url);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    this.#root = this.#start('run', attributes);
    this.traceId = this.#root.spanContext().traceId;
    // Ends at once, so that the run can be found while it goes on.
    this.#start('run begins', attributes, this.#inRoot).end(hrTime());
    this.#tracing = traceFences({
      meterProvider: false,
      requireParent: true,
      // An engine's thread tells exactly when it began and ended, see `#showWork`.
      work: false,
      tracerProvider: ({ timelineName }) => this.#providerOf(`demo ${timelineName}`),
      include: (fence) => workOf(fence) !== undefined,
      spanName: (fence, kind) =>
        kind === 'fence' ? (nameOf(workOf(fence)) ?? fence.context.timelineName) : undefined,
      onSpan: (span, fence, _kind, waiter) => {
        const work = workOf(waiter ?? fence);
        if (work === undefined) return;
        span.setAttributes({
          'demo.work': work.label,
          'demo.picture': work.frame,
          // In such signs that a search for `#6:1.` does not find `#6:12.`, too.
          'demo.fence': `#${String(fence.context.id)}:${String(fence.seqno)}.`,
        });
      },
    });
    this.#works = addFenceTracer({
      signaled: (fence) => {
        this.#showWork(fence);
      },
    });
    this.#scope = doWorkOf(insideFence);
  }

  /** Where spans go, to be read by a person. */
  get address(): string {
    return printableUrl(this.#url);
  }

  /** Where a person sees the trace. */
  get page(): string | undefined {
    const url = new URL(this.#url);
    if (url.port !== '4318') return undefined;
    return `http://${url.hostname}:16686/trace/${this.traceId}`;
  }

  /** Says why spans will not arrive; undefined when they will. */
  check(): Promise<string | undefined> {
    return this.#delivery.check();
  }

  /** Runs what belongs to the run as a whole. */
  inside<R>(work: () => Promise<R>): Promise<R> {
    return context.with(this.#inRoot, work);
  }

  /**
   * Runs what belongs to one picture, as a span of its own.
   *
   * @param failureOf - why the picture was not finished; undefined: it was
   */
  async picture<R>(
    name: string,
    work: () => Promise<R>,
    failureOf: (result: R) => string | undefined = () => undefined,
  ): Promise<R> {
    const attributes = { 'demo.name': name, 'demo.picture': this.#pictures };
    this.#pictures += 1;
    const run = this.#root.spanContext();
    const links = this.#apart ? [{ context: run }] : [];
    const span = this.#start(`picture ${name}`, attributes, this.#apart ? ROOT_CONTEXT : this.#inRoot, links);
    // In the run's own trace one finds where to go on.
    if (this.#apart)
      this.#start(`picture ${name} begins`, attributes, this.#inRoot, [{ context: span.spanContext() }]).end(
        hrTime(),
      );
    try {
      const result = await context.with(trace.setSpan(context.active(), span), work);
      if (failureOf(result) !== undefined) fail(span, 'picture');
      return result;
    } catch (error) {
      fail(span, 'picture');
      throw error;
    } finally {
      span.end(hrTime());
    }
  }

  /** A picture's jobs failed, and are done again; belongs to the picture in which it is said. */
  failedTry(code: string, startedAt: number): void {
    const span = this.#start('failed try', {}, context.active(), [], hrTime(startedAt));
    fail(span, code);
    span.end(hrTime());
  }

  /** Ends the trace, and waits until it was sent or cannot be. */
  async end(): Promise<SentTrace> {
    this.#tracing[Symbol.dispose]();
    this.#root.end(hrTime());
    const delivered = await this.#delivery.end();
    const { address, page, traceId } = this;
    this[Symbol.dispose]();
    return { url: address, traceId, page, cut: this.#limit.reached, ...delivered };
  }

  /** Lets go of everything, sent or not. */
  [Symbol.dispose](): void {
    for (const part of [this.#tracing, this.#works, this.#scope, this.#delivery]) part[Symbol.dispose]();
    context.disable();
  }

  get #inRoot(): Context {
    return trace.setSpan(context.active(), this.#root);
  }

  /** A span of the run's own service, on the fences' clock. */
  #start(
    name: string,
    attributes: Attributes,
    parent: Context = ROOT_CONTEXT,
    links: { context: ReturnType<Span['spanContext']> }[] = [],
    startTime = hrTime(),
  ): Span {
    return this.#providerOf('demo')
      .getTracer('demo')
      .startSpan(name, { attributes, links, startTime }, parent);
  }

  /** A bar for what was done, below the one of its fence, which begins where it was queued. */
  #showWork(fence: DmaFence): void {
    const work = workOf(fence);
    const whole = fenceSpanContext(fence);
    if (work?.startedAt === undefined || work.endedAt === undefined || whole === undefined) return;
    this.#providerOf(`demo ${fence.context.timelineName}`)
      .getTracer('demo')
      .startSpan(
        'work',
        {
          attributes: { 'demo.work': work.label, 'demo.picture': work.frame },
          startTime: hrTime(work.startedAt + SINCE_ORIGIN),
        },
        trace.setSpanContext(ROOT_CONTEXT, whole),
      )
      .end(hrTime(Math.max(work.startedAt, work.endedAt) + SINCE_ORIGIN));
  }

  /** Providers differ in the name of the service, and send through one queue. */
  #providerOf(service: string): TracerProvider {
    let provider = this.#providers.get(service);
    if (provider === undefined) {
      // Viewers correct the clocks of different hosts, and of those that do not say where they are.
      const own = resourceFromAttributes({ 'host.name': hostname(), 'service.name': service });
      provider = new SdkTracerProvider({
        resource: detectResources({ detectors: [envDetector] }).merge(own),
        spanProcessors: [this.#delivery.processor],
        sampler: this.#limit,
      });
      this.#providers.set(service, provider);
    }
    return provider;
  }
}

function fail(span: Span, type: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', type);
}

const WORK_NAMES = [...PASSES.map(({ name }) => name), 'upload', 'readback'];
const WORK_NAME = new RegExp(` (${WORK_NAMES.join('|')})(?: \\d+/\\d+)?$`);

/** What is done, without the picture before it and the band behind it: few names for many fences. */
function nameOf(work: WorkRecord | undefined): string | undefined {
  return WORK_NAME.exec(work?.label ?? '')?.[1];
}
