import type { DmaFence } from '@dma-fence/core';

interface Pipe {
  current?: object;
  fence(seq: number): DmaFence;
}

export async function waitBo(pipe: Pipe, seq: number, timeout: number): Promise<'busy' | 'idle'> {
  const f = pipe.fence(seq);
  if (!timeout) {
    const verdict = f.signaled ? 'idle' : 'busy';
    f.put();
    return verdict;
  }
  try {
    await f.wait({ timeoutMs: timeout });
    return 'idle';
  } finally {
    f.put();
  }
}
