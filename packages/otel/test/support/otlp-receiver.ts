import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import definitions from 'otlp-definitions/build/src/generated/root.js';

/** A message type of the official definitions, as protobufjs generates it. */
interface MessageType {
  decode(bytes: Uint8Array): unknown;
  fromObject(object: object): unknown;
  toObject(message: unknown, options: object): unknown;
}

type Value =
  | { stringValue: string }
  | { boolValue: boolean }
  | { intValue: string | number }
  | { doubleValue: number }
  | { arrayValue: { values: Value[] } };

interface KeyValue {
  key: string;
  value: Value;
}

interface OtlpSpan {
  traceId: Uint8Array;
  spanId: Uint8Array;
  parentSpanId: Uint8Array;
  flags: number;
  name: string;
  kind: number;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  attributes: KeyValue[];
  events: { name: string; timeUnixNano: string; attributes: KeyValue[] }[];
  links: { traceId: Uint8Array; spanId: Uint8Array; flags: number }[];
  status: { code: number; message: string } | null;
}

interface TraceRequest {
  resourceSpans: {
    resource: { attributes: KeyValue[] } | null;
    scopeSpans: { scope: { name: string; version: string } | null; schemaUrl: string; spans: OtlpSpan[] }[];
  }[];
}

interface MetricsRequest {
  resourceMetrics: {
    scopeMetrics: {
      scope: { name: string } | null;
      schemaUrl: string;
      metrics: {
        name: string;
        unit: string;
        sum?: { isMonotonic: boolean; dataPoints: Point[] } | null;
        gauge?: { dataPoints: Point[] } | null;
        histogram?: { dataPoints: Point[] } | null;
      }[];
    }[];
  }[];
}

interface Point {
  attributes: KeyValue[];
  asDouble?: number;
  asInt?: string;
  count?: string;
  sum?: number;
  explicitBounds?: number[];
}

export type Attributes = Record<string, unknown>;

/** A span as a backend gets it, in plain JavaScript. */
export interface ReceivedSpan {
  traceId: string;
  spanId: string;
  /** Empty for a root. */
  parentSpanId: string;
  name: string;
  /** `SpanKind` of OTLP: 1 is INTERNAL. */
  kind: number;
  start: bigint;
  end: bigint;
  attributes: Attributes;
  events: { name: string; at: bigint; attributes: Attributes }[];
  links: { traceId: string; spanId: string; isRemote: boolean }[];
  /** `StatusCode` of OTLP: 0 unset, 2 error. */
  status: number;
  statusMessage: string;
  scope: string;
  scopeVersion: string;
  schemaUrl: string;
  resource: Attributes;
}

/** A metric as a backend gets it. */
export interface ReceivedMetric {
  name: string;
  unit: string;
  kind: 'sum' | 'gauge' | 'histogram';
  schemaUrl: string;
  points: { attributes: Attributes; value: number; count: number; bounds: number[] }[];
}

/** A request type of the official definitions, by its place in them. */
function requestType(signal: 'trace' | 'metrics', name: string): MessageType {
  const path = ['opentelemetry', 'proto', 'collector', signal, 'v1', name];
  return path.reduce<unknown>(
    (at, part) => (at as Record<string, unknown>)[part],
    definitions,
  ) as MessageType;
}

const TraceRequestType = requestType('trace', 'ExportTraceServiceRequest');
const MetricsRequestType = requestType('metrics', 'ExportMetricsServiceRequest');

/** In OTLP/JSON ids are hexadecimal, where JSON of protobuf would have base64. */
function idsToBytes(key: string, value: unknown): unknown {
  return typeof value === 'string' && /^(trace|span|parentSpan)Id$/.test(key)
    ? [...Buffer.from(value, 'hex')]
    : value;
}

function message(type: MessageType, contentType: string, body: Uint8Array): unknown {
  const decoded =
    contentType === 'application/json'
      ? type.fromObject(JSON.parse(Buffer.from(body).toString(), idsToBytes) as object)
      : type.decode(body);
  return type.toObject(decoded, { longs: String, defaults: true, oneofs: false });
}

/** A collector's HTTP end on the loopback interface, which decodes with the official definitions. */
export class OtlpReceiver implements AsyncDisposable {
  readonly spans: ReceivedSpan[] = [];
  metrics: ReceivedMetric[] = [];
  /** Content types of the requests that came. */
  readonly contentTypes = new Set<string>();
  /** With what requests are answered. */
  answer = 200;
  /** Off for load: spans are then only counted. */
  decoding = true;
  requests = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async listen(): Promise<OtlpReceiver> {
    const server = createServer();
    const receiver = new OtlpReceiver(server);
    server.on('request', (request: IncomingMessage, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        receiver.requests++;
        if (receiver.answer === 200) receiver.#take(request, Buffer.concat(chunks));
        // In the form of the request, as OTLP has it; of protobuf nothing is an empty message.
        const type = request.headers['content-type'] ?? '';
        response
          .writeHead(receiver.answer, { 'content-type': type })
          .end(type === 'application/json' ? '{}' : '');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  /** What an exporter wants as its `url`. */
  url(signal: 'traces' | 'metrics'): string {
    return `http://127.0.0.1:${String((this.#server.address() as AddressInfo).port)}/v1/${signal}`;
  }

  get origin(): string {
    return new URL(this.url('traces')).origin;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #take(request: IncomingMessage, raw: Buffer): void {
    const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw;
    const contentType = request.headers['content-type'] ?? '';
    this.contentTypes.add(contentType);
    if (request.url === '/v1/traces') {
      this.spans.push(...received(message(TraceRequestType, contentType, body) as TraceRequest));
    } else {
      this.metrics = receivedMetrics(message(MetricsRequestType, contentType, body) as MetricsRequest);
    }
  }
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function plain(value: Value): unknown {
  if ('arrayValue' in value) return value.arrayValue.values.map(plain);
  if ('intValue' in value) return Number(value.intValue);
  return Object.values(value)[0];
}

function attributesOf(list: KeyValue[]): Attributes {
  return Object.fromEntries(list.map(({ key, value }) => [key, plain(value)]));
}

function received({ resourceSpans }: TraceRequest): ReceivedSpan[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ scope, schemaUrl, spans }) =>
      spans.map((span): ReceivedSpan => ({
        traceId: hex(span.traceId),
        spanId: hex(span.spanId),
        parentSpanId: hex(span.parentSpanId),
        name: span.name,
        kind: span.kind,
        start: BigInt(span.startTimeUnixNano),
        end: BigInt(span.endTimeUnixNano),
        attributes: attributesOf(span.attributes),
        events: span.events.map(({ name, timeUnixNano, attributes }) => ({
          name,
          at: BigInt(timeUnixNano),
          attributes: attributesOf(attributes),
        })),
        links: span.links.map(({ traceId, spanId, flags }) => ({
          traceId: hex(traceId),
          spanId: hex(spanId),
          isRemote: (flags & 0x200) !== 0,
        })),
        status: span.status?.code ?? 0,
        statusMessage: span.status?.message ?? '',
        scope: scope?.name ?? '',
        scopeVersion: scope?.version ?? '',
        schemaUrl,
        resource: attributesOf(resource?.attributes ?? []),
      })),
    ),
  );
}

function receivedMetrics({ resourceMetrics }: MetricsRequest): ReceivedMetric[] {
  return resourceMetrics.flatMap(({ scopeMetrics }) =>
    scopeMetrics.flatMap(({ schemaUrl, metrics }) =>
      metrics.map(({ name, unit, sum, gauge, histogram }): ReceivedMetric => ({
        name,
        unit,
        schemaUrl,
        kind: sum ? 'sum' : gauge ? 'gauge' : 'histogram',
        points:
          (sum ?? gauge ?? histogram)?.dataPoints.map((point) => ({
            attributes: attributesOf(point.attributes),
            value: point.asDouble ?? Number(point.asInt ?? point.sum),
            count: Number(point.count ?? 0),
            bounds: point.explicitBounds ?? [],
          })) ?? [],
      })),
    ),
  );
}
