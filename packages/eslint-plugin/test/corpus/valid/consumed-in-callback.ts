// A function of the file puts what a callback took along; how many references there are is for the function around to know.
import { DmaFenceContext, type DmaFence, type DriverFence } from '@dma-fence/core';
const context = new DmaFenceContext({ driverName: 'io', timelineName: 'reads' });
function settle(fence: DriverFence, error: Error | null): void {
  if (error) fence.fail(error);
  else fence.signal();
  fence.put();
}
export function read(
  fs: { read(path: string, cb: (error: Error | null, data?: string) => void): void },
  path: string,
  out: string[],
): DmaFence {
  const fence = context.createFence();
  const ref = fence.get();
  fs.read(path, (error, data) => {
    if (data !== undefined) out.push(data);
    settle(fence, error);
  });
  return ref;
}
export function readOrFail(
  fs: { read(path: string, cb: (error: Error | null, data?: string) => void): void },
  path: string,
  out: string[],
): DmaFence {
  const fence = context.createFence();
  fs.read(path, (error, data) => {
    if (data === undefined) {
      settle(fence, error);
      return;
    }
    out.push(data);
    settle(fence, null);
  });
  return fence.get();
}
