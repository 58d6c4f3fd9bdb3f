import { DmaFenceContext, type DmaFence } from '@dma-fence/core';
import { setTimeout as sleep } from 'node:timers/promises';

interface Thumbnail {
  readonly made: DmaFence;
  usedAt: number;
}

const context = new DmaFenceContext({ driverName: 'thumbs', timelineName: 'make' });
const thumbnails = new Map<string, Thumbnail>();
let now = 0;

export async function thumbnail(path: string): Promise<string> {
  let entry = thumbnails.get(path);
  if (!entry) {
    entry = { made: context.run(() => sleep(1)), usedAt: now };
    thumbnails.set(path, entry);
  }
  entry.usedAt = ++now;
  using made = entry.made.get();
  await made.wait();
  return `${path}.thumb`;
}

export function evictStale(maxAge: number): number {
  let evicted = 0;
  for (const [path, { made, usedAt }] of thumbnails) {
    if (now - usedAt <= maxAge) continue;
    made.put();
    thumbnails.delete(path);
    evicted++;
    console.log(`evicted ${path}`);
  }
  return evicted;
}

export function close(): void {
  for (const { made } of thumbnails.values()) made.put();
  thumbnails.clear();
}
