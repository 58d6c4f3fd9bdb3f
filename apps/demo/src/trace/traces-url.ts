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
  if (asked !== undefined) return withPath(checked('--otlp', asked));
  if (said(env, 'OTEL_SDK_DISABLED').toLowerCase() === 'true') return undefined;
  const exact = said(env, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT');
  if (exact !== '') return checked('OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', exact).href;
  const base = said(env, 'OTEL_EXPORTER_OTLP_ENDPOINT');
  return base === '' ? undefined : withPath(checked('OTEL_EXPORTER_OTLP_ENDPOINT', base));
}

/**
 * An address as it may be printed.
 *
 * @param address - with a password or a token in it, maybe
 * @returns where it leads, and nothing of these
 */
export function printableUrl(address: string): string {
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}

/** What a variable says; blanks around it are none of it. */
function said(env: NodeJS.ProcessEnv, name: string): string {
  return env[name]?.trim() ?? '';
}

/** The path of traces, before what follows a `?`. */
function withPath(url: URL): string {
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = path.endsWith('/v1/traces') ? path : `${path}/v1/traces`;
  return url.href;
}

function checked(where: string, text: string): URL {
  if (/^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return new URL(text);
  throw new UserError(`${where} takes an http address, not '${text}' (see --help)`);
}
