import { seededRandom } from '../random.js';

/** What can be made to go wrong with a job. */
export type Mischief = 'hang' | 'die' | 'throw';

/** One planned misfortune: the job, by its place among the frame's jobs, and what happens to it. */
export interface Strike {
  readonly job: number;
  readonly mischief: Mischief;
}

const KINDS: readonly Mischief[] = ['hang', 'die', 'throw'];

/** How likely a frame is struck at its first and second try; after that it is left alone, so a run ends. */
const LIKELIHOOD: readonly number[] = [0.6, 0.3];

/** Decides from a seed what goes wrong; the order in which jobs happen to run does not matter. */
export class Chaos {
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  /**
   * @param frame - number of the frame from 0; its first try is always struck for frame 0
   * @param attempt - tries before this one
   * @param jobs - how many jobs the frame has
   * @returns what befalls this try; undefined: nothing
   */
  strike(frame: number, attempt: number, jobs: number): Strike | undefined {
    const random = seededRandom(Math.imul(this.#seed ^ 0x9e37_79b9, 0x85eb_ca6b) + frame * 8191 + attempt);
    const struck = random() < (LIKELIHOOD[attempt] ?? 0) || (frame === 0 && attempt === 0);
    if (!struck) return undefined;
    const mischief = KINDS[Math.floor(random() * KINDS.length)] ?? 'throw';
    return { job: Math.floor(random() * jobs), mischief };
  }
}
