import { UserError } from '../command/user-error.js';

/**
 * Where traces go.
 *
 * @param asked - what `--otlp` said: a collector's address
 * @param env - in which `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT` and `OTEL_EXPORTER_OTLP_ENDPOINT` may say it, and
 * `OTEL_SDK_DISABLED` that nobody wants any
 * @returns the URL that takes traces; undefined when nobody asked; {@link UserError} for what is no address
 */
export function tracesUrl(asked: string | undefined, env: NodeJS.ProcessEnv): string | undefined {
  if (asked === undefined && env['OTEL_SDK_DISABLED']?.trim().toLowerCase() === 'true') return undefined;
  const exact = asked === undefined ? env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'] : undefined;
  if (exact !== undefined && exact !== '') return checked('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', exact);
  const base = asked ?? env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  if (base === undefined || base === '') return undefined;
  const address = checked(asked === undefined ? 'OTEL_EXPORTER_OTLP_ENDPOINT' : '--otlp', base).replace(
    /\/+$/,
    '',
  );
  return address.endsWith('/v1/traces') ? address : `${address}/v1/traces`;
}

function checked(where: string, text: string): string {
  if (/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return text;
  throw new UserError(`${where} takes an http address, not '${text}' (see --help)`);
}
