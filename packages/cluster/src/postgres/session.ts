import { clearTimer, setTimer } from '../clock.js';
import type { PostgresClient, PostgresConnection, PostgresRows } from './postgres.js';

/** How long a query may take before the connection counts as dead. */
const TIMEOUT_MS = 1500;

/**
 * One connection that is made anew whenever it fails: with the next query, and by itself while it must hear of things.
 *
 * A query that takes too long ends the connection, since `pg` has no other way to notice one that says nothing.
 */
export class Session {
  readonly #client: PostgresClient;
  readonly #options: object;
  readonly #prepare: (connection: PostgresConnection) => Promise<void>;
  #connection: Promise<PostgresConnection> | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;
  connected = false;

  constructor(
    client: PostgresClient,
    options: object,
    prepare: (connection: PostgresConnection) => Promise<void>,
  ) {
    this.#client = client;
    this.#options = options;
    this.#prepare = prepare;
  }

  /** One query at a time, in the order of the calls: `pg` wants it so. */
  query(text: string, values?: unknown[]): Promise<PostgresRows> {
    const asked = this.#last.then(() => this.#ask(text, values));
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  async #ask(text: string, values: unknown[] | undefined): Promise<PostgresRows> {
    if (this.#closed) throw new Error('the connection is closed');
    const connecting = (this.#connection ??= this.#connect());
    const connection = await connecting;
    try {
      return await connection.query(text, values);
    } catch (error) {
      // What the server itself refuses has a code of five characters; all else is the connection's.
      const { code } = error as { code?: unknown };
      if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code) || code.startsWith('57')) {
        this.#drop(connecting, connection);
      }
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.connected = false;
    const connection = await this.#connection?.catch(() => undefined);
    if (connection !== undefined) await ended(connection);
  }

  async #connect(): Promise<PostgresConnection> {
    const connection = new this.#client.Client({
      ...this.#options,
      connectionTimeoutMillis: TIMEOUT_MS,
      query_timeout: TIMEOUT_MS,
      application_name: 'dma-fence',
    });
    let own: Promise<PostgresConnection> | undefined;
    const drop = (): void => {
      this.#drop(own, connection);
    };
    connection.on('error', drop);
    connection.on('end', drop);
    try {
      own = this.#connection;
      await connection.connect();
      own = this.#connection;
      await this.#prepare(connection);
      this.connected = true;
      return connection;
    } catch (error) {
      this.#connection = undefined;
      void ended(connection);
      throw error;
    }
  }

  #drop(connecting: Promise<PostgresConnection> | undefined, connection: PostgresConnection): void {
    if (this.#connection !== connecting || connecting === undefined) return;
    this.#connection = undefined;
    this.connected = false;
    void ended(connection);
  }
}

/** Ends a connection, also one on which nothing gets through. */
async function ended(connection: PostgresConnection): Promise<void> {
  let timer: unknown;
  const given = new Promise<void>((resolve) => {
    timer = setTimer(resolve, TIMEOUT_MS, true);
  });
  const ending = connection.end().catch(() => undefined);
  await Promise.race([ending, given]);
  clearTimer(timer);
  // `pg` closes its socket here and nowhere else.
  (connection as { connection?: { stream?: { destroy?(): void } } }).connection?.stream?.destroy?.();
}
