import type { DmaFence } from '@dma-fence/core';

interface Pipe {
  current?: object;
  fence(seq: number): DmaFence;
}

export async function waitBo(pipe: Pipe, seq: number, timeout: number): Promise<'busy' | 'idle'> {
  // reports no-fence-leak
  const f = pipe.fence(seq);
  if (!timeout) {
    return f.signaled ? 'idle' : 'busy';
  }
  try {
    await f.wait({ timeoutMs: timeout });
    return 'idle';
  } finally {
    f.put();
  }
}
