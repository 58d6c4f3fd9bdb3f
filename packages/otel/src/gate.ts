import {
  createContextKey,
  INVALID_TRACEID,
  ROOT_CONTEXT,
  trace,
  TraceFlags,
  type Context,
} from '@opentelemetry/api';

/** The key of `suppressTracing` in `@opentelemetry/core`: `createContextKey` is `Symbol.for`, so the text is enough. */
const SUPPRESSED = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** What decides before the SDK is asked, which costs some hundred nanoseconds even for a no. */
export interface GateOptions {
  readonly requireParent: boolean;
  readonly sampling: 'parent' | 'ask';
}

/** Says whether a span that would begin in a context is worth asking the SDK for. */
export class Gate {
  readonly #options: GateOptions;
  /** Contexts do not change, and the next fence is mostly created where the last one was. */
  #last: Context = ROOT_CONTEXT;
  #answer: boolean;

  constructor(options: GateOptions) {
    this.#options = options;
    this.#answer = !options.requireParent;
  }

  passes(active: Context): boolean {
    return active === this.#last ? this.#answer : this.#ask(active);
  }

  #ask(active: Context): boolean {
    this.#last = active;
    this.#answer = this.#decide(active);
    return this.#answer;
  }

  #decide(active: Context): boolean {
    const { requireParent, sampling } = this.#options;
    if (active.getValue(SUPPRESSED) === true) return false;
    const parent = trace.getSpan(active)?.spanContext();
    if (parent === undefined || parent.traceId === INVALID_TRACEID) return !requireParent;
    return sampling === 'ask' || (parent.traceFlags & TraceFlags.SAMPLED) !== 0;
  }
}
