/** An engine in a process of its own: `engine-process.js <server> <engine> <folder> <slowMs> <leaseMs>`. */
import { FenceCluster } from '@dma-fence/cluster';
import { engineFor } from './server.js';
import { runEngine } from './engine.js';
import { JobFolder } from './job-folder.js';

const [server = '', engine = '', folder = '', slowMs = '0', leaseMs = '5000'] = process.argv.slice(2);

// Whoever started it is gone: so are we.
process.on('disconnect', () => process.exit());

await using cluster = await FenceCluster.connect(await engineFor(server), { leaseMs: Number(leaseMs) });
await runEngine(cluster, engine, new JobFolder(folder), Number(slowMs), () => process.send?.('started'));
