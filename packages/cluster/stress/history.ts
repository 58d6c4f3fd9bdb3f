import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { FenceCluster, type ClusterTimeline } from '@dma-fence/cluster';
import type { Kind } from '../servers/engines.js';
import type { Server } from '../servers/programs.js';
import { openWire, type Wire } from '../servers/wire.js';
import { codeOf } from './engine.js';

/** What a run did, and what it found. */
export interface History {
  engine: string;
  seconds: number;
  values: number;
  waiters: number;
  /** Owners that were killed, or stopped beyond their lease, and replaced. */
  failovers: number;
  /** Servers that were killed and started again. */
  restarts: number;
  /** Wires that were cut, and that were silenced. */
  cuts: number;
  silences: number;
  acknowledged: number;
  /** Results that a waiter got as EIO, since it was away too long. */
  unknown: number;
  falseSuccesses: number;
  differing: number;
  lost: number;
  /** Values that a waiter had not heard of 10 s after everything was healed. */
  hanging: number;
}

const LEASE_MS = 2000;
/** So far ahead of the value do waiters wait. */
const AHEAD = 200;
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A process that waits for every value, behind a wire of its own. */
class Waiter {
  readonly results = new Map<number, string>();
  readonly wire: Wire;
  readonly cluster: FenceCluster;
  readonly #timeline: ClusterTimeline;
  #asked = 0;

  private constructor(wire: Wire, cluster: FenceCluster, timeline: ClusterTimeline) {
    this.wire = wire;
    this.cluster = cluster;
    this.#timeline = timeline;
    this.#ask();
  }

  static async start(kind: Kind, port: number, timelineName: string): Promise<Waiter> {
    const wire = await openWire(port);
    const cluster = await FenceCluster.connect(kind.engine(wire.port), {
      leaseMs: LEASE_MS,
      errorSlots: 256,
    });
    return new Waiter(wire, cluster, await cluster.timeline({ driverName: 'history', timelineName }));
  }

  get value(): number {
    return this.#timeline.value;
  }

  refresh(): Promise<void> {
    return this.#timeline.refresh();
  }

  #ask(): void {
    while (this.#asked < this.#timeline.value + AHEAD) {
      const value = ++this.#asked;
      const fence = this.#timeline.fenceAt(value);
      const told = (): void => {
        this.results.set(value, fence.error?.code ?? fence.status);
        fence.put();
        this.#ask();
      };
      if (!fence.addCallback(told)) {
        this.results.set(value, fence.error?.code ?? fence.status);
        fence.put();
      }
    }
  }
}

/** One owner after another, each a process that is killed or stopped. */
class Owners {
  readonly acknowledged: [from: number, to: number][] = [];
  readonly #args: readonly string[];
  #children: ChildProcess[] = [];
  #owning: (() => void) | undefined;

  constructor(args: readonly string[]) {
    this.#args = args;
  }

  /** Starts one; resolves when it owns the timeline. */
  async start(): Promise<void> {
    const file = fileURLToPath(new URL('owner.js', import.meta.url));
    const child = spawn(process.execPath, [file, ...this.#args], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#children.push(child);
    const owns = new Promise<void>((resolve) => {
      this.#owning = resolve;
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line === 'owner') this.#owning?.();
      else this.acknowledged.push(line.split(' ').map(Number) as [number, number]);
    });
    await Promise.race([owns, pause(30_000)]);
  }

  kill(): void {
    for (const child of this.#children.splice(0)) child.kill('SIGKILL');
  }

  stop(): ChildProcess | undefined {
    const child = this.#children.shift();
    child?.kill('SIGSTOP');
    return child;
  }
}

/** Runs until there were so many fail-overs and values, heals everything, and compares what everybody was told. */
export async function check(kind: Kind, wanted: { failovers: number; values: number }): Promise<History> {
  const began = performance.now();
  const server: Server = await kind.start();
  const timelineName = `run-${String(Date.now())}`;
  const owners = new Owners([kind.name, String(server.port), timelineName, String(LEASE_MS)]);
  const counts = { failovers: 0, restarts: 0, cuts: 0, silences: 0 };
  const stopped: ChildProcess[] = [];
  try {
    await owners.start();
    const waiters = await Promise.all([1, 2, 3].map(() => Waiter.start(kind, server.port, timelineName)));
    const top = (): number => Math.max(...waiters.map(({ value }) => value));
    while (counts.failovers < wanted.failovers || top() < wanted.values) {
      await pause(200 + Math.random() * 400);
      const waiter = waiters[Math.floor(Math.random() * waiters.length)] as Waiter;
      if (Math.random() < 0.5) {
        waiter.wire.cut();
        counts.cuts++;
      } else {
        waiter.wire.silence();
        counts.silences++;
      }
      await pause(Math.random() * 300);
      if (counts.failovers % 10 === 9) {
        counts.restarts++;
        await server.restart();
      }
      if (counts.failovers % 4 === 3) {
        const zombie = owners.stop();
        if (zombie !== undefined) stopped.push(zombie);
      } else {
        owners.kill();
      }
      waiter.wire.heal();
      await owners.start();
      counts.failovers++;
      // The zombies go on, and find that nobody believes them.
      for (const zombie of stopped.splice(0)) {
        zombie.kill('SIGCONT');
        setTimeout(() => zombie.kill('SIGKILL'), 1500);
      }
    }
    owners.kill();
    for (const { wire } of waiters) wire.heal();
    await pause(LEASE_MS + 4000);
    await Promise.all(waiters.map((waiter) => waiter.refresh()));
    const values = top();
    const late = Date.now() + 10_000;
    while (waiters.some(({ results }) => !told(results, values)) && Date.now() < late) await pause(100);
    const history = compare(waiters, owners.acknowledged, values);
    for (const { cluster, wire } of waiters) {
      await cluster[Symbol.asyncDispose]();
      await wire[Symbol.asyncDispose]();
    }
    return {
      engine: kind.name,
      seconds: Math.round((performance.now() - began) / 1000),
      values,
      waiters: waiters.length,
      ...counts,
      ...history,
    };
  } finally {
    owners.kill();
    for (const zombie of stopped) zombie.kill('SIGKILL');
    await server[Symbol.asyncDispose]();
  }
}

function told(results: ReadonlyMap<number, string>, values: number): boolean {
  for (let value = 1; value <= values; value++) if (!results.has(value)) return false;
  return true;
}

function compare(
  waiters: readonly Waiter[],
  acknowledged: readonly [number, number][],
  values: number,
): Pick<History, 'acknowledged' | 'unknown' | 'falseSuccesses' | 'differing' | 'lost' | 'hanging'> {
  const found = { acknowledged: 0, unknown: 0, falseSuccesses: 0, differing: 0, lost: 0, hanging: 0 };
  const known = new Map<number, string>();
  for (let value = 1; value <= values; value++) {
    for (const { results } of waiters) {
      const result = results.get(value);
      if (result === undefined) found.hanging++;
      else if (result === 'EIO') found.unknown++;
      else if ((known.get(value) ?? result) !== result) found.differing++;
      else known.set(value, result);
      if (result === 'signaled' && codeOf(value) !== undefined) found.falseSuccesses++;
    }
  }
  for (const [from, to] of acknowledged) {
    for (let value = from; value <= to; value++) {
      found.acknowledged++;
      const result = known.get(value);
      if (result !== undefined && result !== (codeOf(value) ?? 'signaled')) found.lost++;
    }
  }
  return found;
}
