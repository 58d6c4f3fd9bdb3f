// Other things have a get and a put as well.
import type { DmaFence } from '@dma-fence/core';

interface Client {
  get(url: string): Promise<string>;
  put(url: string, body: string): Promise<void>;
}

export async function copy(client: Client, cache: Map<string, string>): Promise<void> {
  const body = await client.get('/a');
  await client.put('/b', body);
  cache.get('x');
  cache.set('y', body);
}
export type Unused = DmaFence;
