import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { FenceCluster, memory, type ClusterEngine } from '@dma-fence/cluster';
import { faulty } from '@dma-fence/cluster/testing';
import { runEngine } from './engine.js';
import type { JobFolder } from './job-folder.js';
import { engineFor } from './server.js';

const LEASE_MS = 2000;
const SLOW_MS = 60;

/** Something that runs, and can be killed without a word. */
interface Started {
  kill(): Promise<void>;
}

/** The machines of the demo: processes that meet at a server, or, where there is none, parts of this process that meet in memory. */
export class Farm implements AsyncDisposable {
  readonly cluster: FenceCluster;
  readonly #start: (engine: string) => Promise<Started>;
  readonly #running = new Map<string, Started>();

  private constructor(cluster: FenceCluster, start: (engine: string) => Promise<Started>) {
    this.cluster = cluster;
    this.#start = start;
  }

  static async open(server: string | undefined, jobs: JobFolder): Promise<Farm> {
    if (server === undefined) {
      const engine = memory();
      const cluster = await FenceCluster.connect(engine, { leaseMs: LEASE_MS });
      return new Farm(cluster, (name) => startPart(engine, name, jobs));
    }
    const cluster = await FenceCluster.connect(await engineFor(server), { leaseMs: LEASE_MS });
    return new Farm(cluster, (name) => startProcess(server, name, jobs));
  }

  /** Starts an engine; resolves once it owns its timeline. */
  async start(engine: string): Promise<void> {
    this.#running.set(engine, await this.#start(engine));
  }

  /** Kills an engine: it says nothing any more, and nobody is told. */
  async kill(engine: string): Promise<void> {
    await this.#running.get(engine)?.kill();
    this.#running.delete(engine);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const engine of [...this.#running.keys()]) await this.kill(engine);
    await this.cluster[Symbol.asyncDispose]();
  }
}

function startProcess(server: string, engine: string, jobs: JobFolder): Promise<Started> {
  const file = fileURLToPath(new URL('engine-process.js', import.meta.url));
  const child = fork(file, [server, engine, jobs.path, String(SLOW_MS), String(LEASE_MS)]);
  return new Promise((resolve, reject) => {
    child.once('message', () => {
      resolve({
        kill: async () => {
          const ended = new Promise((done) => child.once('exit', done));
          child.kill('SIGKILL');
          await ended;
        },
      });
    });
    child.once('exit', (code) => {
      reject(new Error(`the engine ${engine} ended with ${String(code)} before it began`));
    });
  });
}

/** The same within this process: to kill it, nothing it says comes through any more. */
async function startPart(engine: ClusterEngine, name: string, jobs: JobFolder): Promise<Started> {
  let dead = false;
  const cluster = await FenceCluster.connect(
    faulty(engine, ({ method }) => (!dead ? undefined : method === 'changed' ? 'lost' : 'unreachable')),
    { leaseMs: LEASE_MS },
  );
  await new Promise<void>((resolve, reject) => {
    runEngine(cluster, name, jobs, SLOW_MS, resolve).catch(reject);
  });
  return {
    kill: () => {
      dead = true;
      return Promise.resolve();
    },
  };
}
