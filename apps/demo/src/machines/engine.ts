import { setTimeout as pause } from 'node:timers/promises';
import type { FenceCluster } from '@dma-fence/cluster';
import type { JobFolder } from './job-folder.js';
import { drawBand } from './picture.js';

/**
 * One engine: owns the timeline of its name, draws the bands that it is given in order, and says how far it is. Stops when its
 * ownership may have ended, for nothing it says later counts.
 */
export async function runEngine(
  cluster: FenceCluster,
  engine: string,
  jobs: JobFolder,
  slowMs: number,
  started: () => void,
): Promise<void> {
  const timeline = await cluster.timeline({ driverName: 'machines', timelineName: engine });
  await using owner = await timeline.own();
  started();
  for (let value = timeline.value + 1; !owner.lost.aborted;) {
    const band = await jobs.job(engine, value);
    if (band === undefined) {
      await pause(10);
      continue;
    }
    await jobs.putResult(engine, value, drawBand(band));
    await pause(slowMs);
    // Not to be awaited: the next band is drawn while this is written. An error here is `lost`.
    void owner.advanceTo(value);
    value++;
  }
}
