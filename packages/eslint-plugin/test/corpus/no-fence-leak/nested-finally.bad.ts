import type { DmaFence } from '@dma-fence/core';

declare function open(path: string): { read(): Promise<string>; close(): void };

export async function load(path: string, ready: DmaFence, started: DmaFence): Promise<string> {
  const first = ready.get();
  try {
    await first.wait();
    // reports no-fence-leak
    const second = started.get();
    try {
      const file = open(path);
      try {
        await second.wait();
        if (second.data === path) return '';
        return await file.read();
      } finally {
        file.close();
      }
    } finally {
      console.debug(second.seqno);
    }
  } finally {
    first.put();
  }
}
