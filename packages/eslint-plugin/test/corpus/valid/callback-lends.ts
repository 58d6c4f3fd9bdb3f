import type { DmaFence } from '@dma-fence/core';
export function relay(from: DmaFence, to: Set<(name: string) => void>): void {
  const fire = ({ name }: DmaFence): void => {
    for (const listener of to) listener(name);
  };
  if (!from.addCallback(fire)) fire(from);
}
