import type { DmaFenceContext } from '@dma-fence/core';
import {
  createNoopMeter,
  metrics,
  trace,
  type Meter,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { SCHEMA_URL, SCOPE_NAME, SCOPE_VERSION } from './names.js';
import type { Settings } from './options.js';

/** The API's global provider stands in for the SDK's and knows whether there is one. */
type MaybeProxy = TracerProvider & {
  getDelegateTracer?: (...scope: Parameters<TracerProvider['getTracer']>) => Tracer | undefined;
};

const scopeOptions = { schemaUrl: SCHEMA_URL };

/** Answers with a tracer, or with undefined for as long as no SDK is registered: then nothing need be done. */
export function tracerSource(settings: Settings, context: DmaFenceContext): () => Tracer | undefined {
  const { tracerProvider } = settings;
  // Not `trace.getTracer`: it drops the schema URL.
  const provider: MaybeProxy =
    typeof tracerProvider === 'function'
      ? tracerProvider(context)
      : (tracerProvider ?? trace.getTracerProvider());
  let tracer: Tracer | undefined;
  return () => {
    tracer ??=
      provider.getDelegateTracer === undefined
        ? provider.getTracer(SCOPE_NAME, SCOPE_VERSION, scopeOptions)
        : provider.getDelegateTracer(SCOPE_NAME, SCOPE_VERSION, scopeOptions);
    return tracer;
  };
}

/** The meter, or undefined when nobody would collect what it counts. */
export function meterOf({ meterProvider }: Settings): Meter | undefined {
  if (meterProvider === false) return undefined;
  const provider = meterProvider ?? metrics.getMeterProvider();
  const meter = provider.getMeter(SCOPE_NAME, SCOPE_VERSION, scopeOptions);
  return meter === createNoopMeter() ? undefined : meter;
}
