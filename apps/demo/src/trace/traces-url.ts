/**
 * Where traces go.
 *
 * @param asked - what `--otlp` said: a collector's address
 * @param env - in which `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` and `OTEL_EXPORTER_OTLP_ENDPOINT` may say it
 * @returns the URL that takes traces; undefined when nobody asked
 */
export function tracesUrl(asked: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  const exact = asked === undefined ? env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] : undefined;
  if (exact !== undefined && exact !== '') return exact;
  const base = asked ?? env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (base === undefined || base === '') return undefined;
  return base.endsWith('/v1/traces') ? base : `${base.replace(/\/+$/, '')}/v1/traces`;
}
