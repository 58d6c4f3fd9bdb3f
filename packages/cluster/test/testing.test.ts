import { describe, expect, test } from 'vitest';
import { FenceCluster, memory, type ClusterEngine } from '@dma-fence/cluster';
import { engineConformance, faulty, type EngineCall, type EngineFault } from '@dma-fence/cluster/testing';
import { codeOf } from './support.js';

// In real time, as the suite of a real server runs.
describe('the engine in memory', () => {
  test.each(engineConformance)('$name', { tags: ['long'] }, async ({ run }) => {
    const shared = memory();
    await expect(run({ engine: () => shared })).resolves.toBeUndefined();
  });
});

describe('the conformance suite', () => {
  const named = (sentence: string) => {
    const found = engineConformance.find(({ name }) => name.includes(sentence));
    if (found === undefined) throw new Error(`no case ${sentence}`);
    return found;
  };
  const flawed = (change: (engine: ClusterEngine) => Partial<ClusterEngine>) => {
    const engine = memory();
    const whole: ClusterEngine = {
      promise: 'process',
      read: (key) => engine.read(key),
      compareAndSet: (key, from, data) => engine.compareAndSet(key, from, data),
      add: (key, count) => engine.add(key, count),
      watch: (key, changed) => engine.watch(key, changed),
      lease: (ms) => engine.lease(ms),
      alive: (lease) => engine.alive(lease),
    };
    const wrong = { ...whole, ...change(engine) };
    return { engine: () => wrong };
  };

  test.each<[string, string, (engine: ClusterEngine) => Partial<ClusterEngine>]>([
    [
      'writes over what it did not read',
      'an older version is refused',
      (engine) => ({
        compareAndSet: async (key, _from, data) =>
          engine.compareAndSet(key, (await engine.read(key))?.version, data),
      }),
    ],
    [
      'loses a byte',
      'reads the same bytes',
      (engine) => ({ compareAndSet: (key, from, data) => engine.compareAndSet(key, from, data.subarray(1)) }),
    ],
    [
      'counts twice',
      'its own sum',
      (engine) => ({ add: (key, count) => engine.add(key, count === 0 ? 0 : count + 1) }),
    ],
    [
      'has nothing for a watch',
      'a watch hears',
      () => ({ watch: () => ({ [Symbol.dispose]: () => undefined }) }),
    ],
    [
      'says of every lease that it is alive',
      'a lease is alive',
      () => ({ alive: () => Promise.resolve(true) }),
    ],
  ])('finds an engine that %s', { tags: ['long'] }, async (_, sentence, change) => {
    await expect(named(sentence).run(flawed(change))).rejects.toThrow();
  });
});

describe('faulty()', () => {
  const at = (method: EngineCall['method'], fault: EngineFault) => {
    const engine = memory();
    return { engine, end: faulty(engine, (call) => (call.method === method ? fault : undefined)) };
  };
  const data = Uint8Array.of(1);

  test('lets everything through by default, and counts the calls', async () => {
    const seen: string[] = [];
    const end = faulty(memory(), ({ method, key, number }) => {
      seen.push(`${String(number)} ${method} ${key}`);
      return undefined;
    });
    const version = await end.compareAndSet('k', undefined, data);
    expect(await end.read('k')).toEqual({ version, data });
    expect(await end.add('k', 2)).toBe(2);
    expect(seen).toEqual(['1 compareAndSet k', '2 read k', '3 add k']);
    expect(end.promise).toBe('process');
  });

  test('a write can be done although it is said not to be', async () => {
    for (const fault of ['unsure', 'unanswered'] as const) {
      const { engine, end } = at('compareAndSet', fault);
      await end.compareAndSet('k', undefined, data).catch(() => undefined);
      expect((await engine.read('k'))?.data).toBe(data);
    }
    for (const fault of ['refused', 'unreachable'] as const) {
      const { engine, end } = at('compareAndSet', fault);
      await end.compareAndSet('k', undefined, data).catch(() => undefined);
      expect(await engine.read('k')).toBeUndefined();
    }
  });

  test('a lease whose beats do not come through ends below', async () => {
    const { end } = at('beat', 'unreachable');
    const lease = await end.lease(100);
    expect(await end.alive(lease.id)).toBe(true);
    await new Promise<void>((resolve) => {
      lease.lost.addEventListener('abort', () => {
        resolve();
      });
    });
    await expect.poll(() => end.alive(lease.id)).toBe(false);
    await lease[Symbol.asyncDispose]();
  });

  test('works for a whole cluster', async () => {
    const { end } = at('read', 'unreachable');
    const cluster = await FenceCluster.connect(end, { leaseMs: 2000 });
    expect(await codeOf(cluster.timeline({ driverName: 'a', timelineName: 'b' }))).toBe('EAGAIN');
    await cluster[Symbol.asyncDispose]();
  });
});
