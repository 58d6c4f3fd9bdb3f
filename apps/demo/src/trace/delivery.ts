import { CountedSpanProcessor } from '@dma-fence/otel';
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Agent, ClientRequest, IncomingMessage } from 'node:http';

/** What arrived of what was sent. */
export interface Delivered {
  readonly spans: number;
  readonly lost: number;
  /** Why some are lost; undefined: none are. */
  readonly reason?: string | undefined;
}

/** Keeps up with a hundred thousand fences a second. */
const QUEUE = { maxQueueSize: 32_768, maxExportBatchSize: 2048, scheduledDelayMillis: 200 };

/** A collector that does not answer must not keep the run from ending. */
const PATIENCE_MS = 5000;
/** Nor from beginning. */
const CHECK_MS = 1000;

/** Where Node tells of every answer to a request of this process. */
const ANSWERED = 'http.client.response.finish';
/** How a collector answers such requests as are sent here. */
const ANSWER_TYPE = 'application/x-protobuf';

/** Takes spans to an OpenTelemetry collector, and knows what became of them. */
export class Delivery implements Disposable {
  readonly #counted: ReturnType<typeof countedProcessor>;
  readonly #url: string;
  readonly #agents: Agent[] = [];
  /** What the SDK tells nobody else: the collector took the request, and yet not the spans. */
  #rejected = 0;
  #rejection: string | undefined;
  #refusal: string | undefined;

  /** @param url - of the collector's traces, `/v1/traces` included */
  constructor(url: string) {
    this.#url = url;
    subscribe(ANSWERED, this.#see);
    this.#counted = countedProcessor(this.#exporter(PATIENCE_MS));
    const quiet = {
      debug: () => undefined,
      info: () => undefined,
      verbose: () => undefined,
      error: () => undefined,
    };
    const warn = (...told: unknown[]): void => {
      this.#hear(told);
    };
    diag.setLogger({ ...quiet, warn }, { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true });
  }

  /** What providers hand their spans to. */
  get processor(): SpanProcessor {
    return this.#counted;
  }

  /**
   * Sends nothing, to see whether a collector takes it.
   *
   * @returns why spans will not arrive; undefined when they will
   */
  async check(): Promise<string | undefined> {
    const exporter = this.#exporter(CHECK_MS);
    const late = new Error(`no answer within ${String(CHECK_MS / 1000)} s`);
    const error = await within(
      2 * CHECK_MS,
      new Promise<Error | undefined>((resolve) => {
        exporter.export([], ({ error }) => {
          resolve(error);
        });
      }),
      late,
    );
    return this.#refusal ?? (error === undefined ? undefined : deliveryReason(error));
  }

  /** Waits until everything was sent or cannot be. */
  async end(): Promise<Delivered> {
    // What was lost on the way is in the counts.
    const shutDown = this.#counted.shutdown().then(
      () => true,
      () => true,
    );
    // Patient for as long as something arrives.
    let before: number;
    do before = this.#settled;
    while (!(await within(PATIENCE_MS + CHECK_MS, shutDown, false)) && before !== this.#settled);
    const { counts, lastError } = this.#counted;
    const { ended, exported } = counts;
    const spans = this.#refusal === undefined ? Math.max(0, exported - this.#rejected) : 0;
    const lost = ended - spans;
    const error = lastError === undefined ? 'no answer' : deliveryReason(lastError);
    return { spans, lost, reason: lost === 0 ? undefined : (this.#refusal ?? this.#rejection ?? error) };
  }

  /** Lets go of all connections: an answer that never ends would keep the process. */
  [Symbol.dispose](): void {
    unsubscribe(ANSWERED, this.#see);
    for (const agent of this.#agents) agent.destroy();
    diag.disable();
  }

  /** How many spans have arrived, or will not. */
  get #settled(): number {
    const { exported, failed } = this.#counted.counts;
    return exported + failed;
  }

  #hear(told: readonly unknown[]): void {
    const [first = '', ...others] = told;
    if (String(first).includes('Partial Success')) {
      const { rejectedSpans = 0, errorMessage = '' } = partialSuccess(String(others[0]));
      this.#rejected += Number(rejectedSpans);
      this.#rejection = `the collector rejected them${errorMessage === '' ? '' : `: ${errorMessage}`}`;
    }
  }

  /** To the SDK every 200 is a success, whoever answers. */
  readonly #see = (answered: unknown): void => {
    const { request, response } = answered as {
      request: ClientRequest & { agent?: Agent };
      response: IncomingMessage;
    };
    if (request.agent === undefined || !this.#agents.includes(request.agent)) return;
    const [type = ''] = (response.headers['content-type'] ?? ANSWER_TYPE).toLowerCase().split(';');
    if (response.statusCode !== 200 || type.trim() === ANSWER_TYPE) return;
    this.#refusal =
      type.trim() === 'text/html'
        ? 'a web page answers there, not a collector (Jaeger takes traces at port 4318)'
        : `it answers with ${type.trim()}, and a collector with ${ANSWER_TYPE}`;
  };

  #exporter(timeoutMillis: number): OTLPTraceExporter {
    const httpAgentOptions = async (protocol: string): Promise<Agent> => {
      const { Agent: Made } = protocol === 'https:' ? await import('node:https') : await import('node:http');
      const agent = new Made({ keepAlive: true });
      this.#agents.push(agent);
      return agent;
    };
    return new OTLPTraceExporter({ url: this.#url, timeoutMillis, httpAgentOptions });
  }
}

/** What the usual errors of sending mean to a person. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'unknown host',
  EPROTO: 'no TLS is spoken there; try http',
  HPE_INVALID_CONSTANT: 'no HTTP is spoken there; the gRPC port is another one',
};

/** One line on why an export failed. */
export function deliveryReason(error: Error): string {
  const { code } = error as { code?: unknown };
  if (typeof code === 'number') return `it answers ${String(code)} ${error.message}`.trim();
  const known = typeof code === 'string' ? (REASONS[code] ?? error.message) : error.message;
  const line = known.split('\n', 1)[0] ?? '';
  return typeof code === 'string' ? `${line} (${code})`.trim() : line;
}

function partialSuccess(text: string): { rejectedSpans?: number | string; errorMessage?: string } {
  try {
    return JSON.parse(text) as { rejectedSpans?: number | string; errorMessage?: string };
  } catch {
    return {};
  }
}

/** What a promise comes to, or something else when that takes too long. */
async function within<R>(ms: number, promise: Promise<R>, late: R): Promise<R> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<R>((resolve) => {
    timer = setTimeout(resolve, ms, late);
  });
  try {
    return await Promise.race([promise, patience]);
  } finally {
    clearTimeout(timer);
  }
}

// The types are the SDK's and long; they follow from the exporter.
function countedProcessor(exporter: OTLPTraceExporter) {
  return new CountedSpanProcessor(
    exporter,
    (counted) => new BatchSpanProcessor({ exporter: counted, ...QUEUE }),
    { maxQueueSize: QUEUE.maxQueueSize },
  );
}
