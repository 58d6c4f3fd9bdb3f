import { FenceError } from '@dma-fence/core';
import { clearTimer, now, randomName, setTimer } from '../clock.js';
import type { ClusterEngine, EngineLease, Version, Versioned } from '../engine.js';
import { Heart } from '../heart.js';
import { Listeners } from '../listeners.js';

/**
 * What we use of a connection of ioredis.
 *
 * @example The client's own is one
 * ```ts check
 * import { Redis } from 'ioredis';
 * import type { RedisConnection } from '@dma-fence/cluster/redis';
 *
 * const connection: RedisConnection = new Redis();
 * ```
 */
export interface RedisConnection {
  /** Whether it is `ready`. */
  readonly status: string;
  /** Sends any command; answers come as bytes. */
  callBuffer(command: string, ...args: (string | number | Uint8Array)[]): Promise<unknown>;
  /** Asks whether the server is there. */
  ping(): Promise<unknown>;
  /** Begins to hear a channel. */
  subscribe(channel: string): Promise<unknown>;
  /** Stops hearing it. */
  unsubscribe(channel: string): Promise<unknown>;
  /** Hears an event of the connection. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each event has listeners of its own
  on(event: string, listener: (...args: any[]) => void): unknown;
  /** Connects. */
  connect(): Promise<unknown>;
  /** Ends the connection, to connect again or not. */
  disconnect(reconnect?: boolean): void;
}

/**
 * The class of ioredis.
 *
 * @example Hand it over
 * ```ts check
 * import { Redis } from 'ioredis';
 * import type { RedisClient } from '@dma-fence/cluster/redis';
 *
 * const client: RedisClient = Redis;
 * ```
 */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the options are the client's
export type RedisClient = new (options: any) => RedisConnection;

/**
 * Where the server is.
 *
 * @example Behind Sentinel
 * ```ts
 * import type { RedisEngineOptions } from '@dma-fence/cluster/redis';
 *
 * const options: RedisEngineOptions = {
 *   connection: { sentinels: [{ host: '10.0.0.1', port: 26379 }], name: 'primary' },
 * };
 * ```
 */
export interface RedisEngineOptions {
  /** The server's host; 127.0.0.1 by default. */
  host?: string | undefined;
  /** The server's port; 6379 by default. */
  port?: number | undefined;
  /** Before every key; `dma-fence:` by default. */
  prefix?: string | undefined;
  /** Further options of ioredis: password, TLS, Sentinel. */
  connection?: object | undefined;
}

const TIMEOUT_MS = 1000;
const PING_MS = 1000;

/** Sets a key if it is as it was read, and tells those who watch. */
const SET = `local is = redis.call('GET', KEYS[1])
if (ARGV[1] == '1' and is == ARGV[2]) or (ARGV[1] == '0' and not is) then
  redis.call('SET', KEYS[1], ARGV[3])
  redis.call('PUBLISH', KEYS[1], ARGV[3])
  return 1
end
return 0`;

/**
 * The engine on Redis or Valkey, `promise: 'primary'`: **a fail-over can take acknowledged values back.** Measured with Sentinel: the
 * primary cut off for 0.7 s and then lost together with the owner, 257 of 260 acknowledged values were lost, and two processes held
 * opposite results for 261. Where that must not happen, use NATS or PostgreSQL. An owner that outlives the fail-over says everything
 * again; so the lease is 15 s by default, longer than a fail-over takes.
 *
 * @param client the class `Redis` of ioredis.
 * @param options where the server is.
 * @throws FenceError `connect()` rejects with `EOPNOTSUPP` for a replica, and for a server that may evict keys.
 *
 * @example A server on this machine
 * ```ts check
 * import { Redis } from 'ioredis';
 * import { FenceCluster } from '@dma-fence/cluster';
 * import { redis } from '@dma-fence/cluster/redis';
 *
 * await using cluster = await FenceCluster.connect(redis(Redis, { port: 6379 }));
 * cluster.promise; // 'primary'
 * ```
 */
export function redis(client: RedisClient, options: RedisEngineOptions = {}): ClusterEngine {
  return new RedisEngine(client, options);
}

class RedisEngine implements ClusterEngine {
  readonly promise = 'primary';
  readonly #prefix: string;
  readonly #connect: () => RedisConnection;
  readonly #listeners = new Listeners(
    (key) => {
      this.#subscriber?.subscribe(this.#prefix + key).catch(() => undefined);
    },
    (key) => {
      this.#subscriber?.unsubscribe(this.#prefix + key).catch(() => undefined);
    },
  );
  #commands: RedisConnection | undefined;
  #subscriber: RedisConnection | undefined;
  #timer: unknown;

  constructor(client: RedisClient, { host, port, prefix = 'dma-fence:', connection }: RedisEngineOptions) {
    this.#prefix = prefix;
    this.#connect = () =>
      new client({
        host: host ?? '127.0.0.1',
        port: port ?? 6379,
        ...connection,
        lazyConnect: true,
        connectTimeout: 2000,
        commandTimeout: TIMEOUT_MS,
        maxRetriesPerRequest: 0,
        autoResendUnfulfilledCommands: false,
        // We do it, and ask again when it is done.
        autoResubscribe: false,
        retryStrategy: (tries: number) => Math.min(500, 50 * tries),
      });
  }

  get connected(): boolean {
    return this.#commands?.status === 'ready';
  }

  async open(): Promise<void> {
    const [commands, subscriber] = [this.#connect(), this.#connect()];
    this.#commands = commands;
    this.#subscriber = subscriber;
    // Each of them is told to whoever calls; the clients try again by themselves.
    for (const connection of [commands, subscriber]) connection.on('error', () => undefined);
    subscriber.on('messageBuffer', (channel: Uint8Array, data: Uint8Array) => {
      this.#listeners.tell(new TextDecoder().decode(channel).slice(this.#prefix.length), {
        version: text(data),
        data,
      });
    });
    subscriber.on('ready', () => {
      for (const key of this.#listeners.keys) subscriber.subscribe(this.#prefix + key).catch(() => undefined);
      this.#listeners.tellAll();
    });
    try {
      await Promise.all([commands.connect(), subscriber.connect()]);
      await this.#check();
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
    this.#timer = setTimer(this.#ping, PING_MS);
  }

  async read(key: string): Promise<Versioned | undefined> {
    const data = (await this.#call('GET', this.#prefix + key)) as Uint8Array | null;
    return data === null ? undefined : { version: text(data), data };
  }

  async compareAndSet(
    key: string,
    from: Version | undefined,
    data: Uint8Array,
  ): Promise<Version | undefined> {
    const is = from === undefined ? ['0', ''] : ['1', bytes(String(from))];
    const set = await this.#call('EVAL', SET, 1, this.#prefix + key, ...is, bytesOf(data));
    return Number(set) === 1 ? text(data) : undefined;
  }

  async add(key: string, count: number): Promise<number> {
    return Number(await this.#call('INCRBY', `${this.#prefix}#${key}`, count));
  }

  watch(key: string, changed: (state?: Versioned) => void): Disposable {
    return this.#listeners.add(key, changed);
  }

  async lease(ms: number): Promise<EngineLease> {
    const id = randomName();
    const key = this.#leaseKey(id);
    const begun = now();
    await this.#call('SET', key, '1', 'PX', ms);
    return new Heart(id, ms, begun, {
      beat: async () => Number(await this.#call('PEXPIRE', key, ms)) === 1,
      end: async () => {
        await this.#call('DEL', key);
      },
    });
  }

  async alive(lease: string): Promise<boolean> {
    return Number(await this.#call('EXISTS', this.#leaseKey(lease))) === 1;
  }

  [Symbol.asyncDispose](): Promise<void> {
    clearTimer(this.#timer);
    this.#timer = undefined;
    for (const connection of [this.#commands, this.#subscriber]) connection?.disconnect();
    return Promise.resolve();
  }

  #leaseKey(id: string): string {
    return `${this.#prefix}@${id}`;
  }

  #call(command: string, ...args: (string | number | Uint8Array)[]): Promise<unknown> {
    if (this.#commands === undefined)
      throw new FenceError('EINVAL', 'redis(): connect with FenceCluster.connect()');
    return this.#commands.callBuffer(command, ...args);
  }

  /** No client notices a connection that says nothing; these two do, within a ping and its timeout. */
  readonly #ping = (): void => {
    for (const connection of [this.#commands, this.#subscriber]) {
      if (connection?.status !== 'ready') continue;
      connection.ping().catch(() => {
        connection.disconnect(true);
      });
    }
    this.#timer = setTimer(this.#ping, PING_MS);
  };

  async #check(): Promise<void> {
    const info = text((await this.#call('INFO')) as Uint8Array);
    const field = (name: string): string | undefined =>
      new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1];
    if (field('role') === 'slave') throw unsupported('this server is a replica; connect to its primary');
    const policy = field('maxmemory_policy');
    if (policy !== undefined && policy !== 'noeviction') {
      throw unsupported(`maxmemory-policy ${policy} may evict timelines; set it to noeviction`);
    }
    if (field('aof_enabled') === '0') {
      console.warn(
        'redis(): the server has no append-only file: a restart loses every timeline. Set appendonly yes.',
      );
    }
  }
}

/** Bytes as a text of one character each, and back. */
function text(data: Uint8Array): string {
  let found = '';
  for (const byte of data) found += String.fromCharCode(byte);
  return found;
}

function bytes(version: string): Buffer {
  return Buffer.from(version, 'latin1');
}

function bytesOf(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}

function unsupported(why: string): FenceError {
  return new FenceError('EOPNOTSUPP', `redis(): ${why}`);
}
