import { DmaFenceContext, type DmaFence } from '@dma-fence/core';
import { setTimeout as sleep } from 'node:timers/promises';

const mirror = new DmaFenceContext({ driverName: 'mirror', timelineName: 'replicas' });

interface Replica {
  readonly host: string;
  readonly delay: number;
  readonly down: boolean;
}

async function write(replica: Replica): Promise<void> {
  await sleep(replica.delay);
  if (replica.down) throw new Error(`${replica.host} is down`);
}

export async function replicate(replicas: readonly Replica[], quorum: number): Promise<boolean> {
  const fences: DmaFence[] = replicas.map((replica) => mirror.run(() => write(replica)));
  const results = await Promise.allSettled(fences.map((fence) => fence.wait({ timeoutMs: 200 })));
  let stored = 0;
  results.forEach((result, index) => {
    const fence = fences[index];
    if (result.status === 'fulfilled') {
      stored++;
    } else {
      console.log(`${replicas[index]?.host ?? '?'}: ${String(result.reason)}`);
    }
    fence?.put();
  });
  return stored >= quorum;
}
