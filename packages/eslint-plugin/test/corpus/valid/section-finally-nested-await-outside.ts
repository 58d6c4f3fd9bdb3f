import { beginSignalling, type DriverFence } from '@dma-fence/core';
export async function retireLoop(next: () => Promise<DriverFence | undefined>): Promise<number> {
  let n = 0;
  for (let f = await next(); f !== undefined; f = await next()) {
    const section = beginSignalling();
    try {
      f.signal();
    } finally {
      section.end();
      f.put();
    }
    n++;
  }
  return n;
}
