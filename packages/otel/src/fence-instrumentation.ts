import type { MeterProvider, TracerProvider } from '@opentelemetry/api';
import { SCOPE_NAME, SCOPE_VERSION } from './names.js';
import { settingsOf, type TraceFencesOptions } from './options.js';
import { traceFences, type FenceTracing } from './trace-fences.js';

/**
 * Options of `FenceInstrumentation`: those of `traceFences`, and whether it is on from the beginning.
 *
 * @example Off until it is registered
 * ```ts
 * import type { FenceInstrumentationConfig } from '@dma-fence/otel';
 *
 * const config: FenceInstrumentationConfig = { enabled: false, requireParent: true };
 * ```
 */
export interface FenceInstrumentationConfig extends TraceFencesOptions {
  /** True by default. */
  enabled?: boolean | undefined;
}

/**
 * `traceFences` as an OpenTelemetry instrumentation, for `registerInstrumentations` and the `instrumentations` of an SDK.
 *
 * It has the shape of `Instrumentation` from `@opentelemetry/instrumentation` and does not need that package: nothing is patched.
 *
 * @example Beside the others
 * ```ts
 * import { FenceInstrumentation } from '@dma-fence/otel';
 * import { registerInstrumentations } from '@opentelemetry/instrumentation';
 *
 * const fences = new FenceInstrumentation({ requireParent: true });
 * const unregister = registerInstrumentations({ instrumentations: [fences] });
 * fences.flushPending();
 * unregister();
 * ```
 */
export class FenceInstrumentation {
  /** `@dma-fence/otel`. */
  readonly instrumentationName: string = SCOPE_NAME;
  /** Of this package. */
  readonly instrumentationVersion: string = SCOPE_VERSION;
  #config: ConfigInForce;
  #tracerProvider: TracerProvider | undefined = undefined;
  #meterProvider: MeterProvider | undefined = undefined;
  #tracing: FenceTracing | undefined = undefined;

  /** Wrong options throw a `FenceError` with `EINVAL`. */
  constructor(config: FenceInstrumentationConfig = {}) {
    this.#config = checked(config);
    if (this.#config.enabled) this.enable();
  }

  /** Begins to trace; twice is harmless. */
  enable(): void {
    const { tracerProvider = this.#tracerProvider, meterProvider = this.#meterProvider } = this.#config;
    this.#tracing ??= traceFences({ ...this.#config, tracerProvider, meterProvider });
  }

  /** Ends tracing, and the spans of pending fences with it; twice is harmless. */
  disable(): void {
    this.#tracing?.[Symbol.dispose]();
    this.#tracing = undefined;
  }

  /** Has spans made by this provider, unless the options name one. What is pending ends as `pending`. Anything else throws `EINVAL`. */
  setTracerProvider(tracerProvider: TracerProvider): void {
    settingsOf({ tracerProvider });
    this.#restart(() => (this.#tracerProvider = tracerProvider));
  }

  /** Has this provider count, unless the options name one or say `false`. Anything else throws `EINVAL`. */
  setMeterProvider(meterProvider: MeterProvider): void {
    settingsOf({ meterProvider });
    this.#restart(() => (this.#meterProvider = meterProvider));
  }

  /** The options in force. */
  getConfig(): FenceInstrumentationConfig & { enabled: boolean } {
    return this.#config;
  }

  /** Replaces all options; throws a `FenceError` with `EINVAL` for wrong ones, and changes nothing then. */
  setConfig(config: FenceInstrumentationConfig): void {
    const next = checked(config);
    this.#restart(() => (this.#config = next));
  }

  /** As `FenceTracing.flushPending`; 0 when it is off. */
  flushPending(): number {
    return this.#tracing?.flushPending() ?? 0;
  }

  #restart(change: () => unknown): void {
    const on = this.#tracing !== undefined;
    this.disable();
    change();
    if (on) this.enable();
  }
}

/** Said in `getConfig` as well: what `Instrumentation` promises there is no `undefined`. */
type ConfigInForce = FenceInstrumentationConfig & { enabled: boolean };

/** Options that tracing will take whenever it is switched on. */
function checked(config: FenceInstrumentationConfig): ConfigInForce {
  settingsOf(config);
  return { ...config, enabled: config.enabled ?? true };
}
