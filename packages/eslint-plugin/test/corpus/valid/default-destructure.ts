import { signaledFence, type DmaFence } from '@dma-fence/core';
interface Options {
  after?: DmaFence;
  name?: string;
}
export async function run({ after, name = 'job' }: Options = {}): Promise<string> {
  const dep = after?.get() ?? signaledFence();
  try {
    await dep.wait();
    return name;
  } finally {
    dep.put();
  }
}
