import type { DmaFence, DriverFence } from '@dma-fence/core';

export interface PanfrostJob {
  done: DriverFence;
  rendered: DmaFence | null;
}

declare const hw: { kick(job: PanfrostJob): number };

export const pushJob = (job: PanfrostJob): number => {
  const rendered = job.done.get();
  const ret = hw.kick(job);
  if (ret < 0) {
    rendered.put();
    job.rendered = null;
  } else {
    job.rendered = rendered;
  }
  if (ret < 0) {
    console.warn(`kick failed ${ret}`);
    // reports no-double-put
    rendered.put();
  }
  return ret;
};
