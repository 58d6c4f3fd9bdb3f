// The section is left for what may allocate.
import { beginSignalling, type DmaFence, type DmaFenceContext, type DriverFence } from '@dma-fence/core';

export function reset(context: DmaFenceContext, lost: DriverFence): DmaFence {
  let section = beginSignalling();
  lost.fail('EIO');
  section.end();
  const next = context.createFence();
  section = beginSignalling();
  lost.poll();
  section.end();
  return next;
}
