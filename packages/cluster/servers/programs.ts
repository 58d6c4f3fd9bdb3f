import { spawn, execFileSync, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, connect } from 'node:net';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

/** A server that runs on loopback for a test, and leaves nothing behind. */
export interface Server extends AsyncDisposable {
  readonly port: number;
  readonly process: ChildProcess;
  /** Kills it (-9) and starts it again on the same port, with what it has on disk. */
  restart(): Promise<void>;
  /** What a machine that hangs does, and what it does next. */
  stop(): void;
  go(): void;
}

function find(name: string, folders: readonly string[]): string | undefined {
  const path = (process.env['PATH'] ?? '').split(':');
  return [...path, ...folders].map((folder) => join(folder, name)).find((file) => existsSync(file));
}

const postgresBins = existsSync('/usr/lib/postgresql')
  ? readdirSync('/usr/lib/postgresql').map((version) => `/usr/lib/postgresql/${version}/bin`)
  : [];

/** Where each program is; undefined where it is not installed. */
export const PROGRAMS = {
  nats: process.env['NATS_SERVER'] ?? find('nats-server', [join(homedir(), 'go/bin')]),
  redis: find('redis-server', []) ?? find('valkey-server', []),
  sentinel: find('redis-sentinel', []),
  postgres: find('initdb', postgresBins),
};

/** A port that nobody uses. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${String(child.exitCode)}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => {
        resolve(false);
      });
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`no server on port ${String(port)} after 15 s`);
}

/** Postgres refuses to run as root. */
function otherUser(): { uid: number; gid: number } | undefined {
  if (userInfo().uid !== 0) return undefined;
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}

class Running implements Server {
  readonly port: number;
  readonly #folder: string;
  readonly #start: () => ChildProcess;
  readonly #answers: (port: number) => Promise<boolean>;
  process: ChildProcess;

  constructor(
    port: number,
    folder: string,
    start: () => ChildProcess,
    answers: (port: number) => Promise<boolean> = () => Promise.resolve(true),
  ) {
    this.port = port;
    this.#folder = folder;
    this.#start = start;
    this.#answers = answers;
    this.process = start();
  }

  async ready(): Promise<this> {
    await listening(this.port, this.process);
    while (!(await this.#answers(this.port))) await new Promise((resolve) => setTimeout(resolve, 50));
    return this;
  }

  async restart(): Promise<void> {
    await this.kill();
    this.process = this.#start();
    await this.ready();
  }

  stop(): void {
    this.process.kill('SIGSTOP');
  }

  go(): void {
    this.process.kill('SIGCONT');
  }

  async kill(): Promise<void> {
    const { process: child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** One NATS server with JetStream. */
export async function startNats(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'nats-'));
  const port = await freePort();
  const args = ['-js', '-a', '127.0.0.1', '-p', String(port), '-sd', folder];
  return new Running(port, folder, () => spawn(PROGRAMS.nats as string, args, { stdio: 'ignore' })).ready();
}

/** One Redis with an append-only file. */
export async function startRedis(more: readonly string[] = []): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-'));
  const port = await freePort();
  const args = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'yes',
    ...more,
  ];
  return new Running(port, folder, () => spawn(PROGRAMS.redis as string, args, { stdio: 'ignore' })).ready();
}

/** One PostgreSQL; it answers any user without a password, on loopback only. */
export async function startPostgres(): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), 'postgres-'));
  const user = otherUser();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const port = await freePort();
  const initdb = PROGRAMS.postgres as string;
  const data = join(folder, 'data');
  execFileSync(initdb, ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--locale=C', '-N'], {
    ...user,
    cwd: folder,
    stdio: 'ignore',
  });
  const args = [
    '-D',
    data,
    '-p',
    String(port),
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    `unix_socket_directories=${folder}`,
  ];
  const postgres = initdb.replace(/initdb$/, 'postgres');
  const start = (): ChildProcess => spawn(postgres, args, { ...user, cwd: folder, stdio: 'ignore' });
  return new Running(port, folder, start, postgresAnswers).ready();
}

/** It takes connections before it takes queries. */
async function postgresAnswers(port: number): Promise<boolean> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end();
  }
}
