import { MultiBar, Presets } from 'cli-progress';
import type { PipelineProgress } from '../pipeline/pipeline.js';
import { columnsOf, wrap } from './wrap.js';

/** Shows how far a run is while it runs. */
export interface Progress extends Disposable {
  update(state: PipelineProgress): void;
  /** A line of news, kept on the screen. */
  say(line: string): void;
}

/** A bar that is redrawn in place: for a terminal. */
export function barProgress(terminal: NodeJS.WriteStream, pictures: number): Progress {
  // One bar in a group of bars: only groups can write lines above themselves.
  const bars = new MultiBar(
    {
      stream: terminal,
      format: '{bar} {value}/{total} pictures, {state}',
      // Beside the bar there are some 48 columns of words.
      barsize: Math.max(4, Math.min(28, (columnsOf(terminal) ?? 80) - 48)),
      hideCursor: true,
      clearOnComplete: true,
      // Interrupts are the program's own business; it ends the bar itself.
      gracefulExit: false,
      fps: 20,
    },
    Presets.shades_classic,
  );
  let startedAt: number | undefined;
  const bar = bars.create(pictures, 0, { state: 'engines are measured first' });
  return {
    update({ picturesDone, jobs, inFlight, megapixels }) {
      startedAt ??= performance.now();
      const rate = (megapixels / Math.max(1e-3, (performance.now() - startedAt) / 1000)).toFixed(1);
      bar.update(picturesDone, {
        state: `${String(jobs)} jobs, ${String(inFlight)} in flight, ${rate} MP/s`,
      });
    },
    say(line) {
      // The bar cuts off what is too long.
      bars.log(`${wrap(line, columnsOf(terminal) ?? Infinity)}\n`);
    },
    [Symbol.dispose]() {
      // Draws what is still to be drawn: the last news must not get lost with the bar.
      bars.update();
      bars.stop();
    },
  };
}

/** A plain line at every quarter of the way: for files, pipes and logs. */
export function lineProgress(write: (line: string) => void, pictures: number): Progress {
  let quarter = 0;
  return {
    update({ picturesDone, jobs, megapixels }) {
      const reached = Math.floor((picturesDone * 4) / pictures);
      if (reached <= quarter || picturesDone === pictures) return;
      quarter = reached;
      const size = `${String(jobs)} jobs, ${megapixels.toFixed(1)} megapixels`;
      write(`${String(picturesDone)} of ${String(pictures)} pictures done, ${size}`);
    },
    say: write,
    [Symbol.dispose]() {
      quarter = 4;
    },
  };
}

/** Nothing at all. */
export const noProgress: Progress = {
  update: () => undefined,
  say: () => undefined,
  [Symbol.dispose]: () => undefined,
};
