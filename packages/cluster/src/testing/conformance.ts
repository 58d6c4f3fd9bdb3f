import { FenceCluster } from '../cluster.js';
import { delay, now, randomName } from '../clock.js';
import type { ClusterEngine, Versioned } from '../engine.js';

/**
 * What the conformance suite needs of an engine: as many connections to one server as it asks for.
 *
 * @example The engine in memory, where a connection is the engine itself
 * ```ts
 * import { memory } from '@dma-fence/cluster';
 * import type { EngineHarness } from '@dma-fence/cluster/testing';
 *
 * const shared = memory();
 * const harness: EngineHarness = { engine: () => shared };
 * ```
 */
export interface EngineHarness {
  /** Makes an engine that has not been opened yet; the suite opens and disposes of it. */
  engine(): ClusterEngine;
  /** The shortest lease that the suite may ask for, in ms; 2,000 by default. */
  leaseMs?: number;
}

/**
 * One thing that an engine must do.
 *
 * @example Run it by hand
 * ```ts
 * import { memory } from '@dma-fence/cluster';
 * import { engineConformance, type ConformanceCase } from '@dma-fence/cluster/testing';
 *
 * const first = engineConformance[0] as ConformanceCase;
 * const shared = memory();
 * await first.run({ engine: () => shared });
 * ```
 */
export interface ConformanceCase {
  /** A sentence of the contract. */
  readonly name: string;
  /** Rejects with what is not as it must be. */
  readonly run: (harness: EngineHarness) => Promise<void>;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (state: Versioned | undefined): string | undefined =>
  state === undefined ? undefined : new TextDecoder().decode(state.data);

function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

async function opened(harness: EngineHarness): Promise<ClusterEngine> {
  const engine = harness.engine();
  await engine.open?.();
  return engine;
}

/** Runs `work` with so many open engines, and closes them on every path. */
async function withEngines(
  harness: EngineHarness,
  count: number,
  work: (...engines: ClusterEngine[]) => Promise<void>,
): Promise<void> {
  const engines: ClusterEngine[] = [];
  try {
    for (let i = 0; i < count; i++) engines.push(await opened(harness));
    await work(...engines);
  } finally {
    for (const engine of engines) await engine[Symbol.asyncDispose]?.();
  }
}

/** Asks until it holds, at most for `ms`. */
async function soon(what: string, ms: number, holds: () => boolean | Promise<boolean>): Promise<void> {
  const end = now() + ms;
  while (!(await holds())) {
    must(now() < end, what);
    await delay(10);
  }
}

const engineCases: Record<string, (harness: EngineHarness) => Promise<void>> = {
  'a key that nobody has written reads as undefined': (harness) =>
    withEngines(harness, 1, async (engine) => {
      must((await engine.read(`conf.${randomName()}`)) === undefined, 'a new key must read as undefined');
    }),

  'a write from undefined makes a key once, and another connection reads the same bytes': (harness) =>
    withEngines(harness, 2, async (a, b) => {
      const key = `conf.${randomName()}`;
      const data = Uint8Array.from({ length: 256 }, (_, i) => i);
      const version = await a.compareAndSet(key, undefined, data);
      must(version !== undefined, 'the first write must be taken');
      must((await b.compareAndSet(key, undefined, data)) === undefined, 'a second making must be refused');
      const found = await b.read(key);
      must(found?.version === version, 'the version that was returned must be the one that is read');
      must(String(Array.from(found?.data ?? [])) === String(Array.from(data)), 'every byte must be stored');
    }),

  'a write from an older version is refused and changes nothing': (harness) =>
    withEngines(harness, 2, async (a, b) => {
      const key = `conf.${randomName()}`;
      const one = await a.compareAndSet(key, undefined, bytes('1'));
      const two = await b.compareAndSet(key, one, bytes('2'));
      must(two !== undefined, 'a write from the newest version must be taken');
      must((await a.compareAndSet(key, one, bytes('3'))) === undefined, 'an older version must be refused');
      must(text(await a.read(key)) === '2', 'a refused write must change nothing');
      must((await a.compareAndSet(key, two, bytes('4'))) !== undefined, 'the newest version must be taken');
    }),

  'of many writes from one version one is taken': (harness) =>
    withEngines(harness, 2, async (a, b) => {
      const key = `conf.${randomName()}`;
      let version = await a.compareAndSet(key, undefined, bytes('0'));
      for (let round = 0; round < 20; round++) {
        const answers = await Promise.all(
          [a, b, a, b].map((engine, i) =>
            engine.compareAndSet(key, version, bytes(`${String(round)}:${String(i)}`)),
          ),
        );
        const taken = answers.filter((answer) => answer !== undefined);
        must(taken.length <= 1, 'two writes from one version must not both be taken');
        version = (await a.read(key))?.version;
        must(
          version !== undefined && (taken.length === 0 || taken[0] === version),
          'the taken one must be read',
        );
      }
    }),

  'a counter gives each its own sum': (harness) =>
    withEngines(harness, 2, async (a, b) => {
      const key = `conf.${randomName()}`;
      must((await a.add(key, 0)) === 0, 'a counter begins at 0');
      const sums = await Promise.all(Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? a : b).add(key, 3)));
      must(
        new Set(sums).size === 40 && Math.max(...sums) === 120,
        'no two may get the same sum, none may be lost',
      );
    }),

  'a watch hears what another connection writes, until it is disposed of': (harness) =>
    withEngines(harness, 2, async (a, b) => {
      const key = `conf.${randomName()}`;
      const other = `conf.${randomName()}`;
      let heard = 0;
      let newest: string | undefined;
      const watch = b.watch(key, (state) => {
        heard++;
        newest = text(state) ?? newest;
      });
      let version = await a.compareAndSet(key, undefined, bytes('0'));
      for (let i = 1; i <= 3; i++) version = await a.compareAndSet(key, version, bytes(String(i)));
      // A watch is a hint: it may need to be asked after, but here nothing is lost.
      await soon('a watch must hear of a write', 5000, async () => {
        if (heard > 0 && newest === '3') return true;
        if (heard > 0 && newest === undefined) return text(await b.read(key)) === '3';
        version = await a.compareAndSet(key, version, bytes('3'));
        return false;
      });
      watch[Symbol.dispose]();
      await delay(100);
      const before = heard;
      await a.compareAndSet(key, version, bytes('4'));
      await a.compareAndSet(other, undefined, bytes('x'));
      await delay(200);
      must(heard === before, 'a watch must hear nothing after it was disposed of');
    }),

  'a lease is alive for all while it beats, and dead at once when it is given back': (harness) =>
    withEngines(harness, 2, async (a, b) => {
      const ms = harness.leaseMs ?? 2000;
      const lease = await a.lease(ms);
      must(await b.alive(lease.id), 'a lease that was just begun must be alive');
      await delay(ms * 1.5);
      must(await b.alive(lease.id), 'a lease that beats must be alive');
      must(!lease.lost.aborted, 'a lease that beats must not be lost');
      await lease[Symbol.asyncDispose]();
      await soon('a lease that was given back must be dead', 500, async () => !(await b.alive(lease.id)));
      must(lease.lost.aborted, 'a lease that was given back is lost');
      must(!(await b.alive(randomName())), 'a lease that never was must be dead');
    }),
};

const names = (): { driverName: string; timelineName: string } => ({
  driverName: 'conformance',
  timelineName: randomName(),
});

async function withClusters(
  harness: EngineHarness,
  work: (a: FenceCluster, b: FenceCluster) => Promise<void>,
): Promise<void> {
  const leaseMs = harness.leaseMs ?? 2000;
  const a = await FenceCluster.connect(harness.engine(), { leaseMs });
  try {
    const b = await FenceCluster.connect(harness.engine(), { leaseMs });
    try {
      await work(a, b);
    } finally {
      await b[Symbol.asyncDispose]();
    }
  } finally {
    await a[Symbol.asyncDispose]();
  }
}

const clusterCases: Record<string, (harness: EngineHarness) => Promise<void>> = {
  'an advance in one cluster signals a fence in another, with its error': (harness) =>
    withClusters(harness, async (a, b) => {
      const name = names();
      const owner = await (await a.timeline(name)).own();
      const timeline = await b.timeline(name);
      for (let value = 1; value <= 20; value++) {
        using fence = timeline.fenceAt(value);
        const done = fence.wait({ timeoutMs: 10_000 }).then(
          () => undefined,
          (error: unknown) => (error as { code?: unknown }).code,
        );
        const error = value % 5 === 0 ? 'ENODATA' : undefined;
        await owner.advanceTo(value, error);
        must((await done) === error, `value ${String(value)} must end as its owner said`);
      }
    }),

  'no two clusters reserve one number': (harness) =>
    withClusters(harness, async (a, b) => {
      const name = names();
      const [one, two] = [await a.timeline(name), await b.timeline(name)];
      const got = await Promise.all(
        Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? one : two).reserve()),
      );
      must(new Set(got).size === 30, 'each number must be given once');
    }),

  'one owner at a time; giving up fails what is owed, and another goes on': (harness) =>
    withClusters(harness, async (a, b) => {
      const name = names();
      const [one, two] = [await a.timeline(name), await b.timeline(name)];
      const first = await one.own();
      const refused = await two.own().then(
        () => 'taken',
        (error: unknown) => (error as { code?: unknown }).code,
      );
      must(refused === 'EBUSY', 'a second owner must be refused with EBUSY');
      await two.reserve(3);
      using fence = two.fenceAt(3);
      const ended = fence
        .wait({ timeoutMs: 10_000 })
        .catch((error: unknown) => (error as { code?: unknown }).code);
      await first.advanceTo(1);
      await first[Symbol.asyncDispose]();
      must((await ended) === 'ECANCELED', 'what is owed must fail with ECANCELED');
      await using second = await two.own();
      await second.advanceTo(4);
      await one.refresh();
      must(one.value === 4, 'the next owner goes on above');
    }),
};

/**
 * The conformance suite of engines: each case needs real time and a real server, a few seconds in all.
 *
 * @example With any test runner
 * ```ts
 * import { memory } from '@dma-fence/cluster';
 * import { engineConformance } from '@dma-fence/cluster/testing';
 *
 * const test = (name: string, run: () => Promise<void>) => ({ name, run }); // vitest's, node:test's …
 * const shared = memory();
 * for (const { name, run } of engineConformance) test(name, () => run({ engine: () => shared }));
 * ```
 */
export const engineConformance: readonly ConformanceCase[] = /* @__PURE__ */ Object.entries({
  ...engineCases,
  ...clusterCases,
}).map(([name, run]) => ({ name, run }));
