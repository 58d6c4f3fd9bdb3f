import { FenceError, type DmaFence, type DmaFenceContext } from '@dma-fence/core';
import type { MeterProvider, Span, TracerProvider } from '@opentelemetry/api';
import { guarded } from './guard.js';

/**
 * What a span of this package stands for.
 *
 * @example Name waits by hand
 * ```ts
 * import type { FenceSpanKind } from '@dma-fence/otel';
 *
 * const short: Record<FenceSpanKind, string> = { fence: 'job', work: 'running', wait: 'blocked', callback: 'completion' };
 * ```
 */
export type FenceSpanKind = 'fence' | 'work' | 'wait' | 'callback';

/**
 * What `traceFences` records, and where it goes. Every option has a default that is right for a service.
 *
 * @example Only what belongs to a request, with the timelines told apart in the metrics
 * ```ts
 * import type { TraceFencesOptions } from '@dma-fence/otel';
 *
 * const options: TraceFencesOptions = { requireParent: true, metricAttributes: ['driver', 'timeline'] };
 * ```
 */
export interface TraceFencesOptions {
  /**
   * Who makes the spans; the global one by default, also if it is registered later. A function answers once for each
   * fence context: a provider of its own gives a timeline its own service name, and so its own colour in Jaeger.
   */
  tracerProvider?: TracerProvider | ((context: DmaFenceContext) => TracerProvider) | undefined;
  /** Who counts; the global one by default, which must be registered before. False: no metrics. */
  meterProvider?: MeterProvider | false | undefined;
  /** Whether fences and waits outside of any span stay untraced; false by default: each begins a trace of its own. */
  requireParent?: boolean | undefined;
  /**
   * `'parent'`, the default: under an unsampled span nothing is recorded, and the SDK is not asked, which would cost some
   * hundred nanoseconds. `'ask'`: for samplers that may overrule the parent.
   */
  sampling?: 'parent' | 'ask' | undefined;
  /**
   * After how many ms a fence that has not signaled shows as a `pending` span; 5000 by default, `Infinity`: never. One that stands still
   * for half as long although nothing is known that it waits for shows as `stalled`, an error, and again at twice its age, and so on.
   */
  pendingAfterMs?: number | undefined;
  /** After how many ms it counts as hung: its span ends with `error.type` `timeout`; 60000 by default, `Infinity`: never. */
  hangAfterMs?: number | undefined;
  /** How many dependencies become links, 0 to 128 (what an SDK keeps of a span's links); 32 by default. All are counted. */
  maxLinks?: number | undefined;
  /** From how many ms on a callback that blocks its producer's `signal()` is marked on the span; 10 by default, `Infinity`: never. */
  slowCallbackMs?: number | undefined;
  /** Whether the time from `emit()` to the signal shows as a span `work <timeline>` below the fence's; true by default. */
  work?: boolean | undefined;
  /** Whether arrays, chains and merges get spans of their own; false by default: what depends on them links to their leaves. */
  containers?: boolean | undefined;
  /** By what metrics are told apart; `['driver']` by default. A timeline's name is worth it only if there are few. */
  metricAttributes?: readonly ('driver' | 'timeline')[] | undefined;
  /** Which fences to look at, asked once at creation; the others are not counted either. If it throws: this one too. */
  include?: ((fence: DmaFence) => boolean) | undefined;
  /** The span's name, few different ones; nothing, or a throw, means the default `fence <timeline>`, `work <timeline>`, `wait <timeline>`, `callback <timeline>`. */
  spanName?: ((fence: DmaFence, kind: FenceSpanKind) => string | undefined) | undefined;
  /** Told of each span that began, to add attributes of one's own; of a wait also whose work waits, see `insideFence`. What it throws is reported to `diag`. */
  onSpan?:
    ((span: Span, fence: DmaFence, kind: FenceSpanKind, waiter: DmaFence | undefined) => void) | undefined;
  /** Whether a failure is an error to look at; by default every one but a cancellation (`ECANCELED`). */
  isError?: ((error: FenceError) => boolean) | undefined;
}

type Optional = 'tracerProvider' | 'meterProvider' | 'include' | 'spanName' | 'onSpan';

/** Options after the check, with the defaults filled in and the hooks guarded. */
export type Settings = Readonly<
  Pick<TraceFencesOptions, Optional> & {
    [Key in Exclude<keyof TraceFencesOptions, Optional>]-?: NonNullable<TraceFencesOptions[Key]>;
  }
>;

/** What an SDK keeps of a span's links; of more it drops the oldest. */
const MOST_LINKS = 128;

/** Fills in the defaults. Throws a `FenceError` with `EINVAL` for what makes no sense. */
export function settingsOf(options: TraceFencesOptions): Settings {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw invalid('options', 'an object', options);
  }
  const {
    tracerProvider,
    meterProvider,
    requireParent = false,
    sampling = 'parent',
    pendingAfterMs = 5000,
    hangAfterMs = 60_000,
    maxLinks = 32,
    slowCallbackMs = 10,
    work = true,
    containers = false,
    metricAttributes = ['driver'],
    include,
    spanName,
    onSpan,
    isError,
  } = options;
  const need = (right: boolean, option: keyof TraceFencesOptions, wanted: string): void => {
    if (!right) throw invalid(option, wanted, options[option]);
  };
  need(
    tracerProvider === undefined || typeof tracerProvider === 'function' || has(tracerProvider, 'getTracer'),
    'tracerProvider',
    'a TracerProvider or a function that answers one',
  );
  need(
    meterProvider === undefined || meterProvider === false || has(meterProvider, 'getMeter'),
    'meterProvider',
    'a MeterProvider or false',
  );
  need(typeof requireParent === 'boolean', 'requireParent', 'true or false');
  need(['parent', 'ask'].includes(sampling), 'sampling', `'parent' or 'ask'`);
  need(isNumber(pendingAfterMs) && pendingAfterMs > 0, 'pendingAfterMs', 'milliseconds above 0');
  need(isNumber(hangAfterMs) && hangAfterMs > 0, 'hangAfterMs', 'milliseconds above 0');
  need(
    Number.isInteger(maxLinks) && maxLinks >= 0 && maxLinks <= MOST_LINKS,
    'maxLinks',
    `an integer from 0 to ${String(MOST_LINKS)}`,
  );
  need(isNumber(slowCallbackMs) && slowCallbackMs >= 0, 'slowCallbackMs', 'milliseconds from 0');
  need(typeof work === 'boolean', 'work', 'true or false');
  need(typeof containers === 'boolean', 'containers', 'true or false');
  need(
    Array.isArray(metricAttributes) &&
      metricAttributes.every((name) => name === 'driver' || name === 'timeline'),
    'metricAttributes',
    `an array of 'driver' and 'timeline'`,
  );
  for (const hook of ['include', 'spanName', 'onSpan', 'isError'] as const) {
    need(options[hook] === undefined || typeof options[hook] === 'function', hook, 'a function');
  }
  return {
    tracerProvider,
    meterProvider,
    requireParent,
    sampling,
    pendingAfterMs,
    hangAfterMs,
    maxLinks,
    slowCallbackMs,
    work,
    containers,
    metricAttributes,
    include: guarded('include', include, true),
    spanName: guarded('spanName', spanName, undefined),
    onSpan: guarded('onSpan', onSpan, undefined),
    isError: guarded('isError', isError, true) ?? ((error: FenceError) => error.code !== 'ECANCELED'),
  };
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

function has(provider: unknown, method: string): boolean {
  return typeof (provider as Record<string, unknown> | null)?.[method] === 'function';
}

function invalid(option: string, wanted: string, received: unknown): FenceError {
  const shown = typeof received === 'object' && received !== null ? 'another object' : String(received);
  return new FenceError('EINVAL', `traceFences(): ${option} must be ${wanted}, not ${shown}`);
}
