import { FenceError } from '@dma-fence/core';
import { clearTimer, now, randomName, setTimer } from '../clock.js';
import type { ClusterEngine, EngineLease, EnginePromise, Version, Versioned } from '../engine.js';
import { Heart } from '../heart.js';
import { Listeners } from '../listeners.js';
import { Session } from './session.js';

/**
 * What a query gives.
 *
 * @example One row
 * ```ts
 * import type { PostgresRows } from '@dma-fence/cluster/postgres';
 *
 * const rows: PostgresRows = { rows: [{ one: 1 }] };
 * ```
 */
export interface PostgresRows {
  /** The rows, by column name. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a row is what the query asks for
  readonly rows: any[];
}

/**
 * What we use of a connection of `pg`.
 *
 * @example The client's own is one
 * ```ts check
 * import pg from 'pg';
 * import type { PostgresConnection } from '@dma-fence/cluster/postgres';
 *
 * const connection: PostgresConnection = new pg.Client();
 * ```
 */
export interface PostgresConnection {
  /** Connects. */
  connect(): Promise<unknown>;
  /** Runs one query. */
  query(text: string, values?: unknown[]): Promise<PostgresRows>;
  /** Ends the connection. */
  end(): Promise<void>;
  /** Hears an event of the connection. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each event has listeners of its own
  on(event: any, listener: (...args: any[]) => void): unknown;
}

/**
 * The module `pg`.
 *
 * @example Hand it over
 * ```ts check
 * import pg from 'pg';
 * import type { PostgresClient } from '@dma-fence/cluster/postgres';
 *
 * const client: PostgresClient = pg;
 * ```
 */
export interface PostgresClient {
  /** Makes a connection that is not connected yet. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the options are the client's
  readonly Client: new (options: any) => PostgresConnection;
}

/**
 * Where the database is.
 *
 * @example By address
 * ```ts
 * import type { PostgresOptions } from '@dma-fence/cluster/postgres';
 *
 * const options: PostgresOptions = { connection: { connectionString: 'postgres://app@db/app' } };
 * ```
 */
export interface PostgresOptions {
  /** Options of pg's `Client`. It must be the server itself: LISTEN does not work through a pooler in transaction mode. */
  connection?: object | undefined;
  /** The schema of our three tables; `dma_fence` by default, made when it is not there. A lower-case identifier. */
  schema?: string | undefined;
}

const PING_MS = 1000;
/** NOTIFY carries less than 8,000 bytes. */
const LONGEST_NOTICE = 7900;

/**
 * The engine on PostgreSQL 12 or newer: two connections a process, one table of records.
 *
 * An acknowledgement means that the write is on disk, and on the synchronous standbys where there are any. With asynchronous standbys
 * only, a fail-over may take it back, and `promise` is `'primary'`.
 *
 * With it, `owner.advanceTo(value, undefined, { transaction })` signals exactly if your own rows commit.
 *
 * @param client the module `pg`.
 * @param options where the database is.
 * @throws FenceError `connect()` rejects with `EOPNOTSUPP` for a standby, a server with `fsync` off, and a pooler in between.
 *
 * @example A frame and its row, together or not at all
 * ```ts check
 * import pg from 'pg';
 * import { FenceCluster } from '@dma-fence/cluster';
 * import { postgres } from '@dma-fence/cluster/postgres';
 *
 * const connection = { connectionString: 'postgres://app@db/app' };
 * await using cluster = await FenceCluster.connect(postgres(pg, { connection }));
 * const frames = await cluster.timeline({ driverName: 'farm', timelineName: 'frames' });
 * await using owner = await frames.own();
 *
 * const transaction = new pg.Client(connection);
 * await transaction.connect();
 * await transaction.query('BEGIN');
 * await transaction.query('INSERT INTO frames (number) VALUES (1)');
 * await owner.advanceTo(1, undefined, { transaction });
 * await transaction.query('COMMIT'); // signals here, or never
 * ```
 */
export function postgres(client: PostgresClient, options: PostgresOptions = {}): ClusterEngine {
  return new PostgresEngine(client, options);
}

class PostgresEngine implements ClusterEngine {
  readonly transactions = true;
  readonly #queries: Session;
  readonly #notices: Session;
  readonly #schema: string;
  readonly #listeners = new Listeners(
    () => undefined,
    () => undefined,
  );
  /** The locks that the notices' session holds for the leases of this process. */
  readonly #locks = new Set<number>();
  #promise: EnginePromise = 'quorum';
  #timer: unknown;
  #heard: (() => void) | undefined;

  constructor(client: PostgresClient, { connection = {}, schema = 'dma_fence' }: PostgresOptions) {
    if (!/^[a-z_][a-z0-9_]{0,40}$/.test(schema)) {
      throw new FenceError(
        'EINVAL',
        `postgres(): schema must be a lower-case identifier, not ${JSON.stringify(schema)}`,
      );
    }
    this.#schema = schema;
    this.#queries = new Session(client, connection, async (session) => {
      await session.query('SET synchronous_commit TO on');
    });
    this.#notices = new Session(client, connection, async (session) => {
      session.on('notification', ({ payload }: { payload?: string }) => {
        this.#hear(payload ?? '');
      });
      await session.query(`LISTEN ${schema}`);
      for (const lock of this.#locks)
        await session.query('SELECT pg_try_advisory_lock($1, $2)', [LOCKS, lock]);
      // Once it listens: what was said before is asked for.
      this.#listeners.tellAll();
    });
  }

  get promise(): EnginePromise {
    return this.#promise;
  }

  get connected(): boolean {
    return this.#queries.connected;
  }

  async open(): Promise<void> {
    try {
      await this.#check();
      await this.#make();
      await this.#probe();
    } catch (error) {
      await this[Symbol.asyncDispose]();
      throw error;
    }
    this.#timer = setTimer(this.#ping, PING_MS);
  }

  async read(key: string): Promise<Versioned | undefined> {
    const row = await this.#row(`SELECT version, data FROM ${this.#schema}.records WHERE key = $1`, [key]);
    return row === undefined
      ? undefined
      : { version: row['version'] as string, data: row['data'] as Uint8Array };
  }

  compareAndSet(
    key: string,
    from: Version | undefined,
    data: Uint8Array,
    within?: object,
  ): Promise<Version | undefined> {
    return this.#write(key, from, data, within as PostgresConnection | undefined);
  }

  async add(key: string, count: number): Promise<number> {
    const counters = `${this.#schema}.counters`;
    const row = await this.#row(
      `INSERT INTO ${counters} VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET sum = ${counters}.sum + $2 RETURNING sum`,
      [key, count],
    );
    return Number(row?.['sum']);
  }

  watch(key: string, changed: (state?: Versioned) => void): Disposable {
    return this.#listeners.add(key, changed);
  }

  /** A heartbeat, and a lock of the session: the one tells of a process that stands still, the other at once of one that died. */
  async lease(ms: number): Promise<EngineLease> {
    const id = randomName();
    const leases = `${this.#schema}.leases`;
    const lock = Number.parseInt(id.slice(0, 7), 16);
    this.#locks.add(lock);
    await this.#notices.query('SELECT pg_advisory_lock($1, $2)', [LOCKS, lock]);
    await this.#queries.query(`DELETE FROM ${leases} WHERE beat_at < clock_timestamp() - interval '1 hour'`);
    const begun = now();
    await this.#queries.query(`INSERT INTO ${leases} VALUES ($1, $2, $3, clock_timestamp())`, [id, lock, ms]);
    return new Heart(id, ms, begun, {
      beat: async () =>
        (await this.#row(
          `UPDATE ${leases} SET beat_at = clock_timestamp() WHERE id = $1
             AND beat_at > clock_timestamp() - make_interval(secs => ms / 1000.0) RETURNING id`,
          [id],
        )) !== undefined,
      end: async () => {
        this.#locks.delete(lock);
        await this.#queries.query(`DELETE FROM ${leases} WHERE id = $1`, [id]);
        await this.#notices.query('SELECT pg_advisory_unlock($1, $2)', [LOCKS, lock]);
      },
    });
  }

  /** Alive by its heartbeat; where its session is gone, half as long: time enough to connect again. */
  async alive(lease: string): Promise<boolean> {
    const row = await this.#row(
      `SELECT 1 FROM ${this.#schema}.leases l WHERE id = $1 AND beat_at > clock_timestamp() - make_interval(secs => ms / 1000.0)
         AND (beat_at > clock_timestamp() - make_interval(secs => ms / 2000.0) OR EXISTS (
           SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid::bigint = $2 AND objid::bigint = l.lock))`,
      [lease, LOCKS],
    );
    return row !== undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimer(this.#timer);
    this.#timer = undefined;
    await Promise.all([this.#queries.close(), this.#notices.close()]);
  }

  /** One statement: the write, and the notice that goes out if it commits. */
  async #write(
    key: string,
    from: Version | undefined,
    data: Uint8Array,
    within?: PostgresConnection,
  ): Promise<Version | undefined> {
    const table = `${this.#schema}.records`;
    const next = `nextval('${this.#schema}.versions')`;
    const written =
      from === undefined
        ? `INSERT INTO ${table} VALUES ($1, ${next}, $2) ON CONFLICT DO NOTHING RETURNING version`
        : `UPDATE ${table} SET version = ${next}, data = $2 WHERE key = $1 AND version = $4 RETURNING version`;
    const notice = `${key} ${btoa(String.fromCharCode(...data.subarray(0, LONGEST_NOTICE)))}`;
    const values: unknown[] = [key, data, notice.length < LONGEST_NOTICE ? notice : key];
    if (from !== undefined) values.push(from);
    const { rows } = await (within ?? this.#queries).query(
      `WITH w AS (${written}) SELECT version, pg_notify('${this.#schema}', version || ' ' || $3) FROM w`,
      values,
    );
    return (rows[0] as { version: string } | undefined)?.version;
  }

  async #row(text: string, values: unknown[]): Promise<Record<string, unknown> | undefined> {
    return (await this.#queries.query(text, values)).rows[0] as Record<string, unknown> | undefined;
  }

  #hear(payload: string): void {
    const [version = '', key = '', data] = payload.split(' ');
    if (key === this.#probeKey) this.#heard?.();
    else if (data === undefined) this.#listeners.tell(key);
    else
      this.#listeners.tell(key, { version, data: Uint8Array.from(atob(data), (char) => char.charCodeAt(0)) });
  }

  readonly #probeKey = `probe.${randomName()}`;

  readonly #ping = (): void => {
    this.#notices.query('SELECT 1').catch(() => undefined);
    this.#timer = setTimer(this.#ping, PING_MS);
  };

  async #check(): Promise<void> {
    const row = await this.#row(
      `SELECT current_setting('fsync') AS fsync, current_setting('synchronous_standby_names') AS sync,
         (SELECT count(*) FROM pg_stat_replication) AS standbys, pg_is_in_recovery() AS standby`,
      [],
    );
    if (row?.['standby'] === true) throw unsupported('this server is a standby; connect to its primary');
    if (row?.['fsync'] !== 'on') throw unsupported('fsync is off: an acknowledged write may be lost');
    // An asynchronous standby that takes over does not have the last writes.
    if (Number(row['standbys']) > 0 && row['sync'] === '') this.#promise = 'primary';
  }

  async #make(): Promise<void> {
    const schema = this.#schema;
    // One at a time: IF NOT EXISTS does not hold for two at once.
    await this.#queries.query(
      `BEGIN; SELECT pg_advisory_xact_lock(${String(LOCKS)}, 0);
       CREATE SCHEMA IF NOT EXISTS ${schema};
       CREATE SEQUENCE IF NOT EXISTS ${schema}.versions;
       CREATE TABLE IF NOT EXISTS ${schema}.records (key text PRIMARY KEY, version bigint NOT NULL, data bytea NOT NULL);
       CREATE TABLE IF NOT EXISTS ${schema}.counters (key text PRIMARY KEY, sum bigint NOT NULL);
       CREATE TABLE IF NOT EXISTS ${schema}.leases (id text PRIMARY KEY, lock integer NOT NULL, ms integer NOT NULL, beat_at timestamptz NOT NULL);
       COMMIT`,
    );
  }

  /** Whether what is said is heard: through a pooler it is not, and nothing else would tell. */
  async #probe(): Promise<void> {
    let timer: unknown;
    const heard = new Promise<boolean>((resolve) => {
      this.#heard = () => {
        resolve(true);
      };
      timer = setTimer(
        () => {
          resolve(false);
        },
        3000,
        true,
      );
    });
    await this.#notices.query('SELECT 1');
    await this.#queries.query(`SELECT pg_notify('${this.#schema}', '0 ' || $1)`, [this.#probeKey]);
    const passed = await heard;
    clearTimer(timer);
    if (!passed) {
      throw unsupported(
        'LISTEN hears nothing: a pooler in transaction mode, such as PgBouncer, is in between; connect to the server itself',
      );
    }
  }
}

/** The class of our advisory locks. */
const LOCKS = 0x0d0a_fe;

function unsupported(why: string): FenceError {
  return new FenceError('EOPNOTSUPP', `postgres(): ${why}`);
}
