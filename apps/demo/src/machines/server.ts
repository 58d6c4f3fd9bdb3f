import { connect } from 'node:net';
import type { ClusterEngine } from '@dma-fence/cluster';
import { UserError } from '../command/user-error.js';

/** Where each server listens unless its address says otherwise. */
const PORTS: Readonly<Record<string, number>> = { nats: 4222, postgres: 5432, redis: 6379 };

/** The engine for an address such as `nats://127.0.0.1:4222`. Its client is loaded only when it is asked for. */
export async function engineFor(address: string): Promise<ClusterEngine> {
  const { protocol, hostname, port } = urlOf(address);
  const kind = protocol.slice(0, -1);
  const number = Number(port === '' ? PORTS[kind] : port);
  switch (kind) {
    case 'nats': {
      const { nats } = await import('@dma-fence/cluster/nats');
      return nats(await import('@nats-io/transport-node'), { servers: `${hostname}:${String(number)}` });
    }
    case 'postgres': {
      const { postgres } = await import('@dma-fence/cluster/postgres');
      return postgres((await import('pg')).default, { connection: { connectionString: address } });
    }
    case 'redis': {
      const { redis } = await import('@dma-fence/cluster/redis');
      return redis((await import('ioredis')).Redis, { host: hostname, port: number });
    }
    default:
      throw new UserError(`--server takes nats://, postgres:// or redis://, not ${address}`);
  }
}

function urlOf(address: string): URL {
  try {
    return new URL(address);
  } catch {
    throw new UserError(`--server takes an address such as nats://127.0.0.1:4222, not ${address}`);
  }
}

/** A NATS server on this machine, if one is running. */
export async function findServer(): Promise<string | undefined> {
  const port = PORTS['nats'] as number;
  const reachable = await new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (found: boolean) => () => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', end(true)).once('error', end(false)).setTimeout(500, end(false));
  });
  return reachable ? `nats://127.0.0.1:${String(port)}` : undefined;
}
