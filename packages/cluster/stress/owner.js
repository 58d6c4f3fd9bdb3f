/**
 * A process that owns a timeline: says values as fast as it can, and prints what was acknowledged, until it is killed.
 * `node stress/owner.js <engine> <port> <timeline> <leaseMs>`
 */
import { FenceCluster } from '@dma-fence/cluster';
import { codeOf, engineOf } from './engine.js';

const [kind = '', port = '', timelineName = '', leaseMs = '2000'] = process.argv.slice(2);

/** How many values are said before their acknowledgements are awaited. */
const RUN = 25;

const cluster = await FenceCluster.connect(engineOf(kind, Number(port)), {
  leaseMs: Number(leaseMs),
  errorSlots: 256,
});
const timeline = await cluster.timeline({ driverName: 'history', timelineName });

for (;;) {
  const owner = await timeline.own().catch(() => undefined);
  if (owner === undefined) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    continue;
  }
  process.stdout.write('owner\n');
  let last = timeline.value;
  try {
    while (!owner.lost.aborted) {
      const first = await timeline.reserve(RUN);
      const said = [];
      // Also of numbers that somebody else took and never used: a stopped process that goes on, a lost answer.
      for (let value = last + 1; value < first + RUN; value++)
        said.push(owner.advanceTo(value, codeOf(value)));
      last = first + RUN - 1;
      await Promise.all(said);
      process.stdout.write(`${String(first)} ${String(first + RUN - 1)}\n`);
    }
  } catch {
    // Convicted, or the server is away: own it again.
  }
  await owner[Symbol.asyncDispose]();
}
