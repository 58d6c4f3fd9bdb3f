import { type DriverFence, beginSignalling } from '@dma-fence/core';

function finish(f: DriverFence) {
  f.signal();
}
export function x(f: DriverFence) {
  // reports balanced-signalling
  const s = beginSignalling();
  try {
    finish(f);
  } finally {
  }
}
