import { DmaFenceContext, type DmaFence } from '@dma-fence/core';
import { setTimeout as sleep } from 'node:timers/promises';

const build = new DmaFenceContext({ driverName: 'build', timelineName: 'steps' });

type Step = readonly [name: string, ms: number, ok: boolean];

function begin([name, ms, ok]: Step): DmaFence {
  return build.run(async () => {
    await sleep(ms);
    if (!ok) throw new Error(`${name} failed`);
  });
}

export async function runSteps(steps: readonly Step[]): Promise<string | undefined> {
  const fences: DmaFence[] = [];
  for (const step of steps) fences.push(begin(step));

  let failed: string | undefined;
  for (const [index, fence] of fences.entries()) {
    try {
      if (failed === undefined) await fence.wait({ timeoutMs: 300 });
    } catch {
      failed = steps[index]?.[0];
    } finally {
      fence.put();
    }
  }
  return failed;
}
