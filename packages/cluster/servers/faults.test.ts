import * as natsClient from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import pg from 'pg';
import { waitAll, type DmaFence, type FenceError } from '@dma-fence/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FenceCluster, type ClusterTimeline, type FenceClusterOptions } from '@dma-fence/cluster';
import { redis } from '@dma-fence/cluster/redis';
import { KINDS, type Kind } from './engines.js';
import { startRedis, type Server } from './programs.js';
import { openWire, type Wire } from './wire.js';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const codeOf = (promise: Promise<unknown>): Promise<string | undefined> =>
  promise.then(
    () => undefined,
    (error: unknown) => (error as FenceError).code,
  );
const resultOf = (fence: DmaFence): string => fence.error?.code ?? fence.status;
const results = (timeline: ClusterTimeline, to: number): string[] =>
  Array.from({ length: to }, (_, i) => {
    using fence = timeline.fenceAt(i + 1);
    return resultOf(fence);
  });

let timelines = 0;
/** A name that no other test of this run has. */
const names = (): { driverName: string; timelineName: string } => ({
  driverName: 'faults',
  timelineName: String(++timelines),
});

describe.each(KINDS)('on $name', ({ installed, start, engine, name }: Kind) => {
  describe.skipIf(!installed)(
    installed ? 'the promise holds' : `SKIPPED: no ${name} server is installed`,
    () => {
      let server: Server;
      beforeAll(async () => {
        server = await start();
      });
      afterAll(async () => {
        await server[Symbol.asyncDispose]();
      });

      /** A process behind a wire of its own. */
      async function behindWire(options: FenceClusterOptions = { leaseMs: 5000 }) {
        const wire = await openWire(server.port);
        const cluster = await FenceCluster.connect(engine(wire.port), options);
        return {
          wire,
          cluster,
          async [Symbol.asyncDispose]() {
            wire.heal();
            await cluster[Symbol.asyncDispose]();
            await wire[Symbol.asyncDispose]();
          },
        };
      }

      async function pair(options?: FenceClusterOptions) {
        const a = await behindWire(options);
        const b = await behindWire(options);
        const name = names();
        const there = await a.cluster.timeline(name);
        const here = await b.cluster.timeline(name);
        const owner = await there.own();
        return {
          a,
          b,
          there,
          here,
          owner,
          async [Symbol.asyncDispose]() {
            await b[Symbol.asyncDispose]();
            await a[Symbol.asyncDispose]();
          },
        };
      }

      test('a waiter whose wire is cut learns what it missed soon after healing', async () => {
        await using p = await pair();
        using fence = p.here.fenceAt(2);
        const waited = fence.wait({ timeoutMs: 20_000 });
        await pause(200);
        p.b.wire.cut();
        await p.owner.advanceTo(1);
        await p.owner.advanceTo(2);
        await pause(300);
        expect(fence.signaled).toBe(false);
        p.b.wire.heal();
        const healed = performance.now();
        await waited;
        expect(performance.now() - healed).toBeLessThan(4000);
      });

      test('a connection that says nothing is noticed within 3 s', async () => {
        await using p = await pair();
        using fence = p.here.fenceAt(1);
        const waited = fence.wait({ timeoutMs: 20_000 });
        await pause(200);
        p.b.wire.silence();
        // What is connected now stays silent for good; a new connection would work.
        p.b.wire.heal();
        const silent = performance.now();
        await p.owner.advanceTo(1);
        await waited;
        expect(performance.now() - silent).toBeLessThan(3500);
      });

      test('thirty cuts, and two that are 20 ms apart, lose nothing of a hundred timelines', async () => {
        await using a = await behindWire();
        await using b = await behindWire();
        const all = Array.from({ length: 100 }, names);
        const owners = await Promise.all(all.map(async (name) => (await a.cluster.timeline(name)).own()));
        const waiting = await Promise.all(
          all.map(async (name) => (await b.cluster.timeline(name)).fenceAt(3)),
        );
        const waited = waitAll(waiting, { timeoutMs: 40_000 });
        for (let i = 0; i < 30; i++) {
          b.wire.cut();
          await pause(i % 10 === 0 ? 20 : Math.random() * 60);
          b.wire.heal();
          await pause(i % 10 === 0 ? 20 : Math.random() * 60);
          if (i === 10) await Promise.all(owners.map((owner) => owner.advanceTo(2)));
        }
        b.wire.cut();
        await Promise.all(owners.map((owner) => owner.advanceTo(3)));
        b.wire.heal();
        await waited;
        for (const fence of waiting) fence.put();
      });

      test('an owner that is cut off longer than its lease is convicted everywhere, and refused when it is back', async () => {
        await using p = await pair({ leaseMs: 2000 });
        await p.here.reserve(4);
        await p.owner.advanceTo(1);
        using fence = p.here.fenceAt(4);
        const waited = codeOf(fence.wait({ timeoutMs: 20_000 }));
        p.a.wire.silence();
        const zombie = codeOf(p.owner.advanceTo(2));
        const dead = performance.now();
        expect(await waited).toBe('ECANCELED');
        // Servers count in whole seconds, some of them.
        expect(performance.now() - dead).toBeLessThan(2000 + 2500);
        expect(p.owner.lost.aborted).toBe(true);
        p.a.wire.heal();
        expect(await zombie).toBe('ECANCELED');
        await p.there.refresh();
        expect(results(p.there, 4)).toEqual(['signaled', 'ECANCELED', 'ECANCELED', 'ECANCELED']);
        expect(results(p.here, 4)).toEqual(results(p.there, 4));
        await using next = await p.here.own();
        await next.advanceTo(5);
      });

      test('a server that is killed and started again has lost nothing that was acknowledged', async () => {
        await using p = await pair({ leaseMs: 15_000 });
        using idle = p.here.fenceAt(1000);
        const waited = codeOf(idle.wait({ timeoutMs: 40_000 }));
        let acknowledged = 0;
        const saying = (async () => {
          for (let value = 1; value <= 1000 && !p.owner.lost.aborted; value++) {
            await p.owner.advanceTo(value, value === 500 ? 'ENODATA' : undefined);
            acknowledged = value;
          }
        })();
        await pause(50);
        const before = acknowledged;
        await server.restart();
        await saying;
        expect(before).toBeGreaterThan(0);
        expect(await waited).toBeUndefined();
        await p.here.refresh();
        expect(results(p.here, 1000).filter((result) => result !== 'signaled')).toEqual(['ENODATA']);
      });

      test('a server that stands still for a while contradicts nobody', async () => {
        await using p = await pair({ leaseMs: 15_000 });
        using fence = p.here.fenceAt(2);
        const waited = fence.wait({ timeoutMs: 30_000 });
        await p.owner.advanceTo(1);
        server.stop();
        const said = p.owner.advanceTo(2);
        await pause(4000);
        server.go();
        await said;
        await waited;
        expect(results(p.here, 2)).toEqual(['signaled', 'signaled']);
      });

      test('a timeout ends a wait whatever the server does', async () => {
        await using p = await pair({ leaseMs: 15_000 });
        using fence = p.here.fenceAt(1);
        server.stop();
        const asked = performance.now();
        expect(await codeOf(fence.wait({ timeoutMs: 500 }))).toBe('ETIME');
        expect(performance.now() - asked).toBeLessThan(1000);
        server.go();
        await p.owner.advanceTo(1);
      });

      test('a timeline whose record is taken away fails with EIO, and begins anew', async () => {
        const cluster = await FenceCluster.connect(engine(server.port));
        const name = names();
        const timeline = await cluster.timeline(name);
        await (await timeline.own()).advanceTo(1);
        using fence = timeline.fenceAt(2);
        const waited = codeOf(fence.wait({ timeoutMs: 20_000 }));
        await takeAway(server.port);
        expect(await waited).toBe('EIO');
        expect((await cluster.timeline(name)).value).toBe(0);
        await cluster[Symbol.asyncDispose]();
      });

      async function takeAway(port: number): Promise<void> {
        if (name === 'nats') {
          const connection = await natsClient.connect({ servers: `127.0.0.1:${String(port)}` });
          await connection.request('$JS.API.STREAM.DELETE.DMA_FENCE');
          await connection.close();
        } else if (name === 'redis') {
          const connection = new Redis(port, '127.0.0.1');
          await connection.flushall();
          connection.disconnect();
        } else {
          await inDatabase(port, (client) => client.query('TRUNCATE dma_fence.records'));
        }
      }
    },
  );
});

async function inDatabase<T>(port: number, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres' });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const [, onPostgres, onRedis] = KINDS as [Kind, Kind, Kind];

describe.skipIf(!onPostgres.installed)('PostgreSQL', () => {
  let server: Server;
  beforeAll(async () => {
    server = await onPostgres.start();
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
  });

  test('signals exactly if the transaction commits', async () => {
    await using a = await FenceCluster.connect(onPostgres.engine(server.port));
    await using b = await FenceCluster.connect(onPostgres.engine(server.port));
    const name = names();
    const owner = await (await a.timeline(name)).own();
    const here = await b.timeline(name);
    using one = here.fenceAt(1);
    using two = here.fenceAt(2);
    const waited = codeOf(one.wait({ timeoutMs: 20_000 }));
    await inDatabase(server.port, async (transaction) => {
      await transaction.query('CREATE TABLE frames (number int)');
      await transaction.query('BEGIN');
      await transaction.query('INSERT INTO frames VALUES (1)');
      await owner.advanceTo(1, undefined, { transaction });
      await transaction.query('ROLLBACK');
      await here.refresh();
      expect(resultOf(one)).toBe('pending');

      await transaction.query('BEGIN');
      await transaction.query('INSERT INTO frames VALUES (1)');
      await owner.advanceTo(1, 'ENODATA', { transaction });
      await pause(200);
      expect(resultOf(one)).toBe('pending');
      await transaction.query('COMMIT');
      expect(await waited).toBe('ENODATA');
    });
    const last = two.wait({ timeoutMs: 20_000 });
    await owner.advanceTo(2);
    await last;
  });

  test('takes advances of ten timelines in ten transactions at once', async () => {
    await using cluster = await FenceCluster.connect(onPostgres.engine(server.port));
    const owners = await Promise.all(
      Array.from({ length: 10 }, async () => (await cluster.timeline(names())).own()),
    );
    await Promise.all(
      owners.map((owner) =>
        inDatabase(server.port, async (transaction) => {
          await transaction.query('BEGIN');
          await owner.advanceTo(1, undefined, { transaction });
          await transaction.query('COMMIT');
        }),
      ),
    );
    await Promise.all(owners.map((owner) => owner.advanceTo(2)));
  });

  test('whose server ends every session loses no wake-up', async () => {
    await using a = await FenceCluster.connect(onPostgres.engine(server.port));
    await using b = await FenceCluster.connect(onPostgres.engine(server.port));
    const name = names();
    const owner = await (await a.timeline(name)).own();
    const here = await b.timeline(name);
    using fence = here.fenceAt(1);
    const waited = fence.wait({ timeoutMs: 20_000 });
    await pause(200);
    await inDatabase(server.port, (client) =>
      client.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'dma-fence'`,
      ),
    );
    await owner.advanceTo(1);
    await waited;
    expect(owner.lost.aborted).toBe(false);
  });
});

describe.skipIf(!onRedis.installed)('Redis', () => {
  test('that may evict keys is refused, and so is a replica', async () => {
    await using evicting = await startRedis(['--maxmemory-policy', 'allkeys-lru']);
    expect(await codeOf(FenceCluster.connect(redis(Redis, { port: evicting.port })))).toBe('EOPNOTSUPP');
    await using replica = await startRedis(['--replicaof', '127.0.0.1', String(evicting.port)]);
    expect(await codeOf(FenceCluster.connect(redis(Redis, { port: replica.port })))).toBe('EOPNOTSUPP');
  });
});

test('an engine whose server is not there is refused with EAGAIN', async () => {
  for (const { engine } of KINDS) expect(await codeOf(FenceCluster.connect(engine(1)))).toBe('EAGAIN');
});

export type { Wire };
