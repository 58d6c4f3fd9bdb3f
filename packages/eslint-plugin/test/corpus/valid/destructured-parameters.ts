import type { Borrowed, DmaFence, Owned } from '@dma-fence/core';
interface Job {
  fence: DmaFence;
  id: number;
}
declare function useEffect(fn: () => void, deps: readonly unknown[]): void;
function finishOne({ fence, id }: Job): number {
  fence.put();
  return id;
}
export function all(jobs: Job[]): number {
  return jobs.splice(0).reduce((sum, job) => sum + finishOne(job), 0);
}
export function releaseJob({ fence }: Job): void {
  fence.put();
}
export function View({ fence, id }: Job): string {
  useEffect(() => {
    if (!fence.addCallback(() => {})) console.log(id);
  }, [fence]);
  return fence.status;
}
export class A {
  readonly #f: DmaFence;
  readonly b: Borrowed<DmaFence>;
  constructor({ fence, view }: { fence: DmaFence; view: Borrowed<DmaFence> }) {
    this.#f = fence;
    this.b = view;
  }
  [Symbol.dispose](): void {
    this.#f.put();
  }
}
export function take({ fence }: { fence: Owned<DmaFence> }, list: DmaFence[]): void {
  list.push(fence);
}
export function dflt({ fence = undefined, id }: { fence?: DmaFence; id: number }): string {
  return `${fence?.name} ${id}`;
}
export async function deep({ job: { fence }, ms }: { job: Job; ms: number }): Promise<void> {
  await Promise.resolve();
  await fence.wait({ timeoutMs: ms });
}
export function make(fence: DmaFence): Job {
  return { fence: fence.get(), id: 1 };
}
export function destroyJob(job: Job): void {
  const { fence } = job;
  fence.put();
}
export const map = (jobs: Map<string, Job>): string[] =>
  [...jobs].map(([name, { fence }]) => `${name} ${fence.name}`);
export function wrap({ fence, id }: Job): Job {
  return { fence, id: id + 1 };
}
export function later({ fence }: Job): Promise<void> {
  const ref = fence.get();
  return ref.wait().finally(() => ref.put());
}
