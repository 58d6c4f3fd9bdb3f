import type { DmaFence } from '@dma-fence/core';
interface SchedJob {
  finished: DmaFence | null;
  parent: DmaFence | null;
  deps: DmaFence[];
}
export function jobInit(finished: DmaFence): SchedJob {
  return { finished: finished.get(), parent: null, deps: [] };
}
export function setParent(job: SchedJob, parent: DmaFence | null): void {
  if (job.parent !== null) job.parent.put();
  job.parent = parent === null ? null : parent.get();
}
export function jobCleanup(job: SchedJob): void {
  for (const dep of job.deps) dep.put();
  job.deps = [];
  job.parent?.put();
  job.parent = null;
  job.finished?.put();
  job.finished = null;
}
