import type { DmaFence } from '@dma-fence/core';
import type { ClusterTimeline } from '@dma-fence/cluster';
import type { Farm } from './farm.js';
import type { JobFolder } from './job-folder.js';
import { BAND_HEIGHT, BANDS, drawBand, WIDTH } from './picture.js';

const ENGINES = ['north', 'east', 'south'] as const;
/** How long anybody waits: no fence of this demo takes longer. */
const PATIENCE_MS = 30_000;

/** What a run says as it goes. */
export type Say = (line: string) => void;

/** One band on its way: under which number, of which engine. */
interface Piece {
  readonly engine: string;
  readonly value: number;
  readonly fence: DmaFence;
}

/**
 * Draws a picture on three engines, kills one on the way, and has another take its place.
 *
 * @returns the bytes, and how many are not as one process draws them.
 */
export async function render(
  farm: Farm,
  jobs: JobFolder,
  say: Say,
): Promise<{ bytes: Uint8Array; wrong: number }> {
  const timelines = new Map<string, ClusterTimeline>();
  for (const engine of ENGINES) {
    await farm.start(engine);
    timelines.set(engine, await farm.cluster.timeline({ driverName: 'machines', timelineName: engine }));
    say(`${engine}: owns its timeline`);
  }

  const give = async (engine: string, band: number): Promise<Piece> => {
    const timeline = timelines.get(engine) as ClusterTimeline;
    const value = await timeline.reserve();
    const fence = timeline.fenceAt(value);
    await jobs.putJob(engine, value, band);
    return { engine, value, fence };
  };

  const pieces: Piece[] = [];
  for (let band = 0; band < BANDS; band++)
    pieces.push(await give(ENGINES[band % ENGINES.length] as string, band));
  say(`${String(BANDS)} bands are given out`);

  await (pieces[4] as Piece).fence.wait({ timeoutMs: PATIENCE_MS });
  await farm.kill('east');
  const killed = performance.now();
  say('east: killed in the middle of its work');

  const bytes = new Uint8Array(WIDTH * BAND_HEIGHT * BANDS * 3);
  let replaced = false;
  for (let band = 0; band < BANDS; band++) {
    let piece = pieces[band] as Piece;
    try {
      await piece.fence.wait({ timeoutMs: PATIENCE_MS });
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== 'ECANCELED') throw error;
      if (!replaced) {
        say(`east: what it owed failed with ${code} after ${seconds(performance.now() - killed)}`);
        await farm.start('east');
        replaced = true;
        say('east: another engine owns the timeline');
      }
      piece.fence.put();
      piece = await give('east', band);
      await piece.fence.wait({ timeoutMs: PATIENCE_MS });
    }
    piece.fence.put();
    bytes.set(await jobs.result(piece.engine, piece.value), band * WIDTH * BAND_HEIGHT * 3);
  }
  return { bytes, wrong: difference(bytes) };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** How many bytes are not those of a picture that one process drew alone. */
function difference(bytes: Uint8Array): number {
  let wrong = 0;
  for (let band = 0; band < BANDS; band++) {
    const right = drawBand(band);
    const at = band * right.length;
    for (let i = 0; i < right.length; i++) if (bytes[at + i] !== right[i]) wrong++;
  }
  return wrong;
}
