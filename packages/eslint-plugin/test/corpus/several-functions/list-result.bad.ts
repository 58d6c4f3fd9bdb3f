import { type DmaFence } from '@dma-fence/core';

function take(fs: readonly DmaFence[]) {
  return fs.map((f) => f.get());
}
export function x(fs: readonly DmaFence[]) {
  // reports no-fence-leak
  const own = take(fs);
  console.log(own.length);
}
