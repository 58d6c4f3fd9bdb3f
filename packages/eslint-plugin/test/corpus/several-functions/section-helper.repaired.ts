import { type DriverFence, beginSignalling } from '@dma-fence/core';

function finish(f: DriverFence) {
  f.signal();
}
export function x(f: DriverFence) {
  const s = beginSignalling();
  try {
    finish(f);
  } finally {
    s.end();
  }
}
