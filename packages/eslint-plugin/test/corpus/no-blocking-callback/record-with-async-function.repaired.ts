// The same with a record.
import { FenceCallback } from '@dma-fence/core';

declare function save(name: string): Promise<void>;

export function makeRecord(): FenceCallback {
  return new FenceCallback((fence) => {
    const { name } = fence;
    setTimeout(() => void save(name), 0);
  });
}
