import { Backend, freePorts } from './backend.ts';

/** A span as Jaeger's own pages get it. */
export interface JaegerSpan {
  spanID: string;
  operationName: string;
  references: { refType: 'CHILD_OF' | 'FOLLOWS_FROM'; traceID: string; spanID: string }[];
  tags: { key: string; value: unknown }[];
  warnings: string[] | null;
}

export interface JaegerTrace {
  traceID: string;
  spans: JaegerSpan[];
}

/** Spans and pages on the loopback interface, in memory. */
function configuration(query: number, grpc: number, otlp: number): string {
  return `
service:
  extensions: [jaeger_storage, jaeger_query]
  pipelines:
    traces: { receivers: [otlp], exporters: [jaeger_storage_exporter] }
  telemetry: { metrics: { level: none }, logs: { level: error } }
extensions:
  jaeger_query:
    storage: { traces: memory }
    http: { endpoint: '127.0.0.1:${String(query)}' }
    grpc: { endpoint: '127.0.0.1:${String(grpc)}' }
  jaeger_storage: { backends: { memory: { memory: { max_traces: 1000 } } } }
receivers:
  otlp: { protocols: { http: { endpoint: '127.0.0.1:${String(otlp)}' } } }
exporters:
  jaeger_storage_exporter: { trace_storage: memory }
`;
}

/** A Jaeger of the test's own. */
export class Jaeger implements AsyncDisposable {
  /** What `--otlp` takes. */
  readonly otlp: string;
  readonly #backend: Backend;

  private constructor(backend: Backend, otlp: string) {
    this.#backend = backend;
    this.otlp = otlp;
  }

  static async start(file: string): Promise<Jaeger> {
    const [query = 0, grpc = 0, otlp = 0] = await freePorts(3);
    const config = configuration(query, grpc, otlp);
    const args = (path: string): string[] => [`--config=${path}`];
    const backend = await Backend.start(file, query, '/api/services', config, args);
    return new Jaeger(backend, `http://127.0.0.1:${String(otlp)}`);
  }

  /** By its id; undefined while there is none. */
  async trace(id: string): Promise<JaegerTrace | undefined> {
    const { data } = await this.#backend.json<{ data: JaegerTrace[] | null }>(`/api/traces/${id}`);
    return data?.[0];
  }

  /** What the search page finds. */
  async search(service: string, tags: Record<string, string> = {}): Promise<JaegerTrace[]> {
    const query = new URLSearchParams({ service, limit: '100', lookback: '1h', tags: JSON.stringify(tags) });
    const { data } = await this.#backend.json<{ data: JaegerTrace[] | null }>(
      `/api/traces?${query.toString()}`,
    );
    return data ?? [];
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#backend[Symbol.asyncDispose]();
  }
}

export function tagOf({ tags }: JaegerSpan, name: string): unknown {
  return tags.find(({ key }) => key === name)?.value;
}

/** Links to spans that the trace does not have; parents are none. */
export function deadLinks({ spans }: JaegerTrace): string[] {
  const ids = new Set(spans.map(({ spanID }) => spanID));
  return spans.flatMap(({ operationName, references }) =>
    references
      .filter(({ refType, spanID }) => refType === 'FOLLOWS_FROM' && !ids.has(spanID))
      .map(({ spanID }) => `${operationName} to ${spanID}`),
  );
}

export function warningsOf({ spans }: JaegerTrace): string[] {
  return spans.flatMap(({ warnings }) => warnings ?? []);
}
