import * as natsClient from '@nats-io/transport-node';
import { Redis } from 'ioredis';
import pg from 'pg';
import { nats } from '@dma-fence/cluster/nats';
import { postgres } from '@dma-fence/cluster/postgres';
import { redis } from '@dma-fence/cluster/redis';

/**
 * An engine for a server on this machine.
 *
 * @param {string} kind
 * @param {number} port
 * @returns {import('@dma-fence/cluster').ClusterEngine}
 */
export function engineOf(kind, port) {
  if (kind === 'nats') return nats(natsClient, { servers: `127.0.0.1:${String(port)}` });
  if (kind === 'redis') return redis(Redis, { port });
  return postgres(pg, { connection: { host: '127.0.0.1', port, user: 'postgres', database: 'postgres' } });
}

/**
 * What every owner says of a value: so a success of one that must fail is a false one, whoever says it.
 *
 * @param {number} value
 * @returns {'ENODATA' | undefined}
 */
export function codeOf(value) {
  return value % 97 === 0 ? 'ENODATA' : undefined;
}
