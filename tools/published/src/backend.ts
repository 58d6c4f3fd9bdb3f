import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A program that one has or has not: the variable that names it, or its own name on `PATH`. */
function found(variable: string, name: string): string | undefined {
  const named = process.env[variable];
  if (named !== undefined && named !== '') return named;
  return spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim() || undefined;
}

export const JAEGER: string | undefined = found('JAEGER', 'jaeger');
export const PROMETHEUS: string | undefined = found('PROMETHEUS', 'prometheus');

/** Whether that Prometheus takes metrics by OTLP; Debian 12's is too old for it. */
export const PROMETHEUS_TAKES_OTLP: boolean =
  PROMETHEUS !== undefined &&
  spawnSync(PROMETHEUS, ['--help'], { encoding: 'utf8' }).stdout.includes('web.enable-otlp-receiver');

/** What is missing, a line each, with how to get it. */
export function missingBackends(): string[] {
  return [
    JAEGER === undefined
      ? 'No jaeger on PATH or in JAEGER: traces are not looked at in it. Its releases: https://www.jaegertracing.io/download/'
      : '',
    PROMETHEUS === undefined
      ? 'No prometheus on PATH or in PROMETHEUS: the dashboard is not asked there. `apt install prometheus`, or https://prometheus.io/download/'
      : PROMETHEUS_TAKES_OTLP
        ? ''
        : `${PROMETHEUS} takes no OTLP: the dashboard is asked there by the names of OTLP alone. Prometheus 3 takes it: https://prometheus.io/download/`,
  ].filter((line) => line !== '');
}

/** Ports of the loopback interface that nobody uses. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

/** A server of the test's own, with its files in a folder of its own. */
export class Backend implements AsyncDisposable {
  readonly origin: string;
  readonly folder: string;
  readonly #process: ChildProcess;

  private constructor(process: ChildProcess, origin: string, folder: string) {
    this.#process = process;
    this.origin = origin;
    this.folder = folder;
  }

  /**
   * Starts it with a configuration file, and waits until `path` of it answers.
   *
   * @param args makes its arguments, given the file's path and a folder
   */
  static async start(
    file: string,
    port: number,
    path: string,
    config: string,
    args: (config: string, folder: string) => string[],
  ): Promise<Backend> {
    const folder = mkdtempSync(join(tmpdir(), 'backend-'));
    const configFile = join(folder, 'config.yaml');
    writeFileSync(configFile, config);
    const child = spawn(file, args(configFile, folder), { stdio: 'ignore' });
    const origin = `http://127.0.0.1:${String(port)}`;
    const backend = new Backend(child, origin, folder);
    while (child.exitCode === null) {
      const response = await fetch(`${origin}${path}`).catch(() => undefined);
      if (response?.ok === true) return backend;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${file} ended with ${String(child.exitCode)}`);
  }

  async json<T>(path: string): Promise<T> {
    const response = await fetch(`${this.origin}${path}`);
    return (await response.json()) as T;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null) {
      this.#process.kill('SIGKILL');
      await once(this.#process, 'exit');
    }
    rmSync(this.folder, { recursive: true });
  }
}
