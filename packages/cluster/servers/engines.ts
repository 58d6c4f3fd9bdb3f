import * as natsClient from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { ClusterEngine } from '@dma-fence/cluster';
import { nats } from '@dma-fence/cluster/nats';
import { postgres } from '@dma-fence/cluster/postgres';
import { redis } from '@dma-fence/cluster/redis';
import { PROGRAMS, startNats, startPostgres, startRedis, type Server } from './programs.js';

/** An engine, and how a test gets a server for it. */
export interface Kind {
  readonly name: 'nats' | 'postgres' | 'redis';
  readonly installed: boolean;
  readonly start: () => Promise<Server>;
  readonly engine: (port: number) => ClusterEngine;
}

export const KINDS: readonly Kind[] = [
  {
    name: 'nats',
    installed: PROGRAMS.nats !== undefined,
    start: startNats,
    engine: (port) => nats(natsClient, { servers: `127.0.0.1:${String(port)}` }),
  },
  {
    name: 'postgres',
    installed: PROGRAMS.postgres !== undefined,
    start: startPostgres,
    engine: (port) =>
      postgres(pg, { connection: { host: '127.0.0.1', port, user: 'postgres', database: 'postgres' } }),
  },
  {
    name: 'redis',
    installed: PROGRAMS.redis !== undefined,
    start: () => startRedis(),
    engine: (port) => redis(Redis, { port }),
  },
];
