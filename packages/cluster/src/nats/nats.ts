import { FenceError } from '@dma-fence/core';
import { delay, now, randomName } from '../clock.js';
import type { ClusterEngine, EngineLease, Version, Versioned } from '../engine.js';
import { Heart } from '../heart.js';
import { Listeners } from '../listeners.js';

/**
 * What we use of the headers of a NATS client.
 *
 * @example The client's own
 * ```ts check
 * import { headers } from '@nats-io/transport-node';
 * import type { NatsHeaders } from '@dma-fence/cluster/nats';
 *
 * const made: NatsHeaders = headers();
 * ```
 */
export interface NatsHeaders {
  /** Reads a header; empty where it is not there. */
  get(name: string): string;
  /** Sets a header. */
  set(name: string, value: string): void;
}

/**
 * What we use of a message.
 *
 * @example Its text
 * ```ts
 * import type { NatsMessage } from '@dma-fence/cluster/nats';
 *
 * const textOf = ({ data }: NatsMessage): string => new TextDecoder().decode(data);
 * ```
 */
export interface NatsMessage {
  /** What was sent. */
  readonly data: Uint8Array;
  /** Its headers, if it has any. */
  readonly headers?: NatsHeaders | undefined;
}

/**
 * What we use of a subscription.
 *
 * @example One that is over
 * ```ts
 * import type { NatsSubscription } from '@dma-fence/cluster/nats';
 *
 * const over: NatsSubscription = { unsubscribe: () => undefined };
 * ```
 */
export interface NatsSubscription {
  /** Stops hearing. */
  unsubscribe(): void;
}

/**
 * What we use of a connection of the official client.
 *
 * @example The client's own is one
 * ```ts check
 * import { connect } from '@nats-io/transport-node';
 * import type { NatsConnection } from '@dma-fence/cluster/nats';
 *
 * const connection: NatsConnection = await connect();
 * ```
 */
export interface NatsConnection {
  /** What the server said of itself. */
  readonly info?:
    { readonly version: string; readonly jetstream?: boolean; readonly cluster?: string } | undefined;
  /** Asks, and waits for one answer. */
  request(
    subject: string,
    payload?: Uint8Array | string,
    // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the client's own class of headers
    options?: { timeout: number; headers?: any },
  ): Promise<NatsMessage>;
  /** Begins to hear a subject. */
  subscribe(
    subject: string,
    options: { callback: (error: Error | null, message: NatsMessage) => void },
  ): NatsSubscription;
  /** What happens to the connection. */
  status(): AsyncIterable<{ readonly type: string }>;
  /** Ends the connection. */
  close(): Promise<void>;
}

/**
 * The official client: the module `@nats-io/transport-node` (Node, Bun), `@nats-io/transport-deno`, or `@nats-io/nats-core` with a
 * `wss://` address (pages).
 *
 * @example Node
 * ```ts check
 * import * as client from '@nats-io/transport-node';
 * import type { NatsClient } from '@dma-fence/cluster/nats';
 *
 * const official: NatsClient = client;
 * ```
 */
export interface NatsClient {
  /* eslint-disable @typescript-eslint/no-explicit-any -- every transport has options of its own */
  /** Connects by TCP; the transports for Node and Deno have it. */
  connect?(options: any): Promise<NatsConnection>;
  /** Connects by WebSocket. */
  wsconnect?(options: any): Promise<NatsConnection>;
  /** Makes headers. */
  headers(): any;
  /* eslint-enable @typescript-eslint/no-explicit-any */
}

/**
 * Where the servers are.
 *
 * @example One on this machine
 * ```ts
 * import type { NatsOptions } from '@dma-fence/cluster/nats';
 *
 * const options: NatsOptions = { servers: '127.0.0.1:4222' };
 * ```
 */
export interface NatsOptions {
  /** One address or several; `ws://` and `wss://` go by WebSocket. */
  servers?: string | string[] | undefined;
  /** The name of the stream, `DMA_FENCE` by default; made when it is not there. Letters, digits, `-` and `_`. */
  stream?: string | undefined;
  /** Further options of the client: user, token, TLS. */
  connection?: object | undefined;
}

/** How long an answer may take; half of what a silent wire may. */
const TIMEOUT_MS = 2000;
/** A connection that has not answered two pings is given up: within 1.5 s. */
const PING_MS = 500;
const WRONG_SEQUENCE = [10_071, 10_164];
const NO_MESSAGE = 10_037;
const NO_STREAM = 10_059;

/**
 * The engine on NATS JetStream: server 2.11 or newer, replicated three times where it is a cluster (`promise: 'quorum'`).
 *
 * One stream keeps the newest message of each subject. Writes expect the sequence they read, reads go to the stream's leader, and the
 * server republishes each stored state to whoever watches. An acknowledgement means that a majority has the write, in its page cache:
 * where power can fail everywhere at once, run the servers with `sync_interval: always`.
 *
 * @param client the official client's module.
 * @param options where the servers are.
 * @throws FenceError `connect()` rejects with `EOPNOTSUPP` for a server that is too old, has no JetStream, or whose stream has other
 * settings.
 *
 * @example Between processes on Node
 * ```ts check
 * import * as client from '@nats-io/transport-node';
 * import { FenceCluster } from '@dma-fence/cluster';
 * import { nats } from '@dma-fence/cluster/nats';
 *
 * await using cluster = await FenceCluster.connect(nats(client, { servers: '127.0.0.1:4222' }));
 * const frames = await cluster.timeline({ driverName: 'farm', timelineName: 'frames' });
 * using fence = frames.fenceAt(await frames.reserve());
 * await fence.wait({ timeoutMs: 60_000 });
 * ```
 */
export function nats(client: NatsClient, options: NatsOptions = {}): ClusterEngine {
  return new NatsEngine(client, options);
}

interface Answer {
  readonly error?: { readonly code: number; readonly err_code: number; readonly description: string };
  readonly seq?: number;
  readonly message?: { readonly seq: number; readonly data?: string };
  readonly config?: Record<string, unknown>;
}

class NatsEngine implements ClusterEngine {
  readonly promise = 'quorum';
  readonly #client: NatsClient;
  readonly #options: NatsOptions;
  readonly #stream: string;
  readonly #prefix: string;
  readonly #subscriptions = new Map<string, NatsSubscription>();
  readonly #listeners = new Listeners(
    (key) => {
      this.#listen(key);
    },
    (key) => {
      this.#subscriptions.get(key)?.unsubscribe();
      this.#subscriptions.delete(key);
    },
  );
  #connection: NatsConnection | undefined;
  #connected = false;

  constructor(client: NatsClient, options: NatsOptions) {
    this.#client = client;
    this.#options = options;
    this.#stream = options.stream ?? 'DMA_FENCE';
    this.#prefix = `dma-fence.${this.#stream}`;
  }

  get connected(): boolean {
    return this.#connected;
  }

  async open(): Promise<void> {
    const { servers = '127.0.0.1:4222', connection } = this.#options;
    const client = this.#client;
    const dial = String(servers).startsWith('ws') ? 'wsconnect' : 'connect';
    if (!(dial in client)) {
      throw unsupported(
        `this client cannot connect to ${String(servers)}: pages need ws:// or wss://, Node and Deno their transport`,
      );
    }
    const settings = {
      timeout: TIMEOUT_MS,
      ...connection,
      servers,
      pingInterval: PING_MS,
      maxPingOut: 2,
      reconnect: true,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 200,
      reconnectJitter: 100,
    };
    this.#connection = await client[dial]?.(settings);
    this.#connected = true;
    void this.#follow(this.#open);
    try {
      await this.#check(this.#open);
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
  }

  async read(key: string): Promise<Versioned | undefined> {
    return this.#last(`r.${key}`);
  }

  compareAndSet(key: string, from: Version | undefined, data: Uint8Array): Promise<Version | undefined> {
    return this.#put(`r.${key}`, from, data);
  }

  async add(key: string, count: number): Promise<number> {
    const subject = `c.${key}`;
    for (let tries = 0; tries < 100; tries++) {
      const last = await this.#last(subject);
      const sum = (last === undefined ? 0 : Number(new TextDecoder().decode(last.data))) + count;
      if (count === 0) return sum;
      if ((await this.#put(subject, last?.version, new TextEncoder().encode(String(sum)))) !== undefined)
        return sum;
      // Others count too: whoever was late steps back.
      await delay(Math.random() * Math.min(100, 4 * (tries + 1)));
    }
    throw new Error(`the counter ${key} is written by too many at once`);
  }

  watch(key: string, changed: (state?: Versioned) => void): Disposable {
    return this.#listeners.add(key, changed);
  }

  async lease(ms: number): Promise<EngineLease> {
    const id = randomName();
    const subject = `l.${id}`;
    const ttl = `${String(Math.ceil(ms / 1000))}s`;
    const begun = now();
    let seq = await this.#put(subject, undefined, new Uint8Array(), ttl);
    const beat = async (): Promise<boolean> => {
      seq ??= (await this.#last(subject))?.version;
      if (seq === undefined) return false;
      const from = seq;
      // Until there is an answer, nobody knows which number the newest beat has.
      seq = undefined;
      seq = await this.#put(subject, from, new Uint8Array(), ttl);
      return seq !== undefined || (await this.#last(subject)) !== undefined;
    };
    if (seq === undefined) throw new Error('the lease was not taken');
    return new Heart(id, ms, begun, {
      beat,
      end: async () => {
        await this.#api(`STREAM.PURGE.${this.#stream}`, { filter: `${this.#prefix}.s.${subject}` });
      },
    });
  }

  async alive(lease: string): Promise<boolean> {
    return (await this.#last(`l.${lease}`)) !== undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connected = false;
    await this.#connection?.close();
  }

  get #open(): NatsConnection {
    if (this.#connection === undefined)
      throw new FenceError('EINVAL', 'nats(): connect with FenceCluster.connect()');
    return this.#connection;
  }

  /** After each reconnect everybody asks: what went down the dead connection is not sent again. */
  async #follow(connection: NatsConnection): Promise<void> {
    for await (const { type } of connection.status()) {
      if (type === 'disconnect' || type === 'staleConnection') this.#connected = false;
      if (type !== 'reconnect') continue;
      this.#connected = true;
      this.#listeners.tellAll();
    }
  }

  #listen(key: string): void {
    const subscription = this.#open.subscribe(`${this.#prefix}.w.r.${key}`, {
      callback: (error, message) => {
        const version = Number(message.headers?.get('Nats-Sequence') ?? Number.NaN);
        if (error === null && Number.isSafeInteger(version)) {
          this.#listeners.tell(key, { version, data: message.data });
        } else {
          this.#listeners.tell(key);
        }
      },
    });
    this.#subscriptions.set(key, subscription);
  }

  async #put(
    subject: string,
    from: Version | undefined,
    data: Uint8Array,
    ttl?: string,
  ): Promise<number | undefined> {
    const headers = this.#client.headers() as NatsHeaders;
    headers.set('Nats-Expected-Last-Subject-Sequence', String(from ?? 0));
    if (ttl !== undefined) headers.set('Nats-TTL', ttl);
    const { data: answer } = await this.#open.request(`${this.#prefix}.s.${subject}`, data, {
      timeout: TIMEOUT_MS,
      headers,
    });
    const { seq, error } = read(answer);
    if (error === undefined) return seq;
    if (WRONG_SEQUENCE.includes(error.err_code)) return undefined;
    throw new Error(`JetStream refused a write: ${error.description}`);
  }

  async #last(subject: string): Promise<{ version: number; data: Uint8Array } | undefined> {
    const { message, error } = await this.#api(`STREAM.MSG.GET.${this.#stream}`, {
      last_by_subj: `${this.#prefix}.s.${subject}`,
    });
    if (message !== undefined) {
      const data = Uint8Array.from(atob(message.data ?? ''), (char) => char.charCodeAt(0));
      return { version: message.seq, data };
    }
    if (error?.err_code === NO_MESSAGE) return undefined;
    // Somebody deleted it, with all that was in it: whoever waits shall hear of that.
    if (error?.err_code === NO_STREAM) {
      await this.#check(this.#open);
      return undefined;
    }
    throw new Error(`JetStream refused a read: ${error?.description ?? 'no message'}`);
  }

  async #api(call: string, body?: object): Promise<Answer> {
    const { data } = await this.#open.request(
      `$JS.API.${call}`,
      body === undefined ? '' : JSON.stringify(body),
      {
        timeout: TIMEOUT_MS,
      },
    );
    return read(data);
  }

  /** Whether the server and the stream can keep the promise; makes the stream. */
  async #check({ info }: NatsConnection): Promise<void> {
    const [major = 0, minor = 0] = (info?.version ?? '').split('.').map(Number);
    if (major < 2 || (major === 2 && minor < 11)) {
      throw unsupported(`NATS server ${info?.version ?? 'unknown'} is too old, leases need 2.11`);
    }
    if (info?.jetstream !== true) throw unsupported('the server runs without JetStream; start it with -js');
    const wanted = {
      name: this.#stream,
      subjects: [`${this.#prefix}.s.>`],
      storage: 'file',
      retention: 'limits',
      num_replicas: info.cluster === undefined ? 1 : 3,
      max_msgs_per_subject: 1,
      allow_direct: false,
      allow_msg_ttl: true,
      republish: { src: `${this.#prefix}.s.>`, dest: `${this.#prefix}.w.>` },
    };
    let found = await this.#api(`STREAM.INFO.${this.#stream}`);
    if (found.error?.err_code === NO_STREAM) found = await this.#api(`STREAM.CREATE.${this.#stream}`, wanted);
    // Another process may have made it meanwhile.
    if (found.error !== undefined) found = await this.#api(`STREAM.INFO.${this.#stream}`);
    if (found.error !== undefined)
      throw new Error(`JetStream has no stream for us: ${found.error.description}`);
    const config = found.config ?? {};
    if (config['allow_direct'] === true) {
      throw unsupported(`the stream ${this.#stream} has allow_direct on: its reads may be old for hours`);
    }
    for (const name of ['max_msgs_per_subject', 'allow_msg_ttl', 'storage'] as const) {
      if (config[name] !== wanted[name]) {
        throw unsupported(
          `the stream ${this.#stream} has ${name} ${String(config[name])}, not ${String(wanted[name])}`,
        );
      }
    }
    if (Number(config['num_replicas']) < wanted.num_replicas) {
      throw unsupported(`the stream ${this.#stream} is kept once in a cluster: set its replicas to 3`);
    }
  }
}

function read(data: Uint8Array): Answer {
  return JSON.parse(new TextDecoder().decode(data)) as Answer;
}

function unsupported(why: string): FenceError {
  return new FenceError('EOPNOTSUPP', `nats(): ${why}`);
}
