import { DmaFenceContext, type DmaFence, type Owned } from '@dma-fence/core';

const device = new DmaFenceContext({ driverName: 'dma', timelineName: 'copies' });

interface Buffer {
  readonly id: number;
  uses: number;
}

interface Lease {
  readonly buffer: Buffer;
  readonly idle: Owned<DmaFence>;
}

const free: Buffer[] = [
  { id: 1, uses: 0 },
  { id: 2, uses: 0 },
];

function checkOut(work: () => Promise<void>): Lease | undefined {
  const buffer = free.pop();
  if (!buffer) return undefined;
  buffer.uses++;
  return { buffer, idle: device.run(work) };
}

function checkIn(lease: Lease): void {
  free.push(lease.buffer);
  lease.idle.put();
}

async function useBuffer(work: () => Promise<void>): Promise<number> {
  const lease = checkOut(work);
  if (!lease) return 0;
  let ok = 1;
  try {
    await lease.idle.wait();
  } catch (error) {
    ok = -1;
    console.log(`buffer ${lease.buffer.id}:`, error);
  }
  console.log(`over: ${lease.idle.poll()}`);
  checkIn(lease);
  return ok;
}
