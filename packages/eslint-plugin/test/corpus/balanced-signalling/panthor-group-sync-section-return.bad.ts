import { beginSignalling, type DriverFence } from '@dma-fence/core';

interface Queue {
  pending: DriverFence[];
  seq(): number;
}

export function syncUpdate(q: Queue): number {
  // reports balanced-signalling
  const cookie = beginSignalling();
  let n = 0;
  for (const f of q.pending) {
    if (f.seqno > q.seq()) {
      return n;
    }
    f.signal();
    n += 1;
  }
  cookie.end();
  return n;
}
