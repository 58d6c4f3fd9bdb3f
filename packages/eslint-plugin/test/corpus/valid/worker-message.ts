import type { DmaFence } from '@dma-fence/core';
declare const post: (message: { id: number; ok: boolean }) => void;
export function serve(jobs: Map<number, () => DmaFence>): (id: number) => void {
  return (id) => {
    const job = jobs.get(id);
    if (!job) return post({ id, ok: false });
    const fence = job();
    fence
      .wait({ timeoutMs: 1000 })
      .then(
        () => post({ id, ok: true }),
        () => post({ id, ok: false }),
      )
      .finally(() => fence.put());
  };
}
