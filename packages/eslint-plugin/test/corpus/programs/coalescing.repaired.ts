import { DmaFenceContext, type DmaFence } from '@dma-fence/core';
import { setTimeout as sleep } from 'node:timers/promises';

const fetches = new DmaFenceContext({ driverName: 'api', timelineName: 'fetch' });

interface Pending {
  readonly fence: DmaFence;
  readonly startedAt: number;
}

const inFlight = new Map<string, Pending>();
const bodies = new Map<string, string>();

async function fetchBody(url: string): Promise<void> {
  await sleep(2);
  if (url.includes('404')) throw new Error(`not found: ${url}`);
  bodies.set(url, `body of ${url}`);
}

function begin(url: string): Pending {
  const pending: Pending = { fence: fetches.run(() => fetchBody(url)), startedAt: performance.now() };
  inFlight.set(url, pending);
  return pending;
}

export function refresh(url: string): void {
  inFlight.get(url)?.fence.put();
  begin(url);
}

export async function request(url: string): Promise<string | undefined> {
  const pending = inFlight.get(url) ?? begin(url);
  using fence = pending.fence.get();
  try {
    await fence.wait();
    return bodies.get(url);
  } catch {
    return undefined;
  }
}

export function forgetAll(): void {
  for (const { fence } of inFlight.values()) fence.put();
  inFlight.clear();
}
