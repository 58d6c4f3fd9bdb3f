// An exporter's op is lent the fence.
import { DmaFenceContext, type FenceOps } from '@dma-fence/core';

export function makeContext(): DmaFenceContext {
  const ops: FenceOps = {
    release(fence) {
      console.log(fence.name);
      // reports no-put-borrowed
      fence.put();
    },
  };
  return new DmaFenceContext({ driverName: 'd', timelineName: 't', ops });
}
