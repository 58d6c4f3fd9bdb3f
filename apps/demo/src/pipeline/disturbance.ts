/** One round of work that was measured. */
export interface Lap {
  readonly wallMs: number;
  /** Processor time of this process during the lap, all its threads together. */
  readonly cpuMs: number;
}

/** A lap on one engine keeps a processor busy; one that got less than this share of it had to wait for others. */
const LEAST_SHARE = 0.8;

/** The best lap counts only where another comes as near as this. */
const MOST_APART = 1.25;

/**
 * Says why laps cannot be compared: other work on the machine took turns with them, or they differ too much among
 * themselves to be one figure.
 *
 * @param one - laps on one engine, at least two
 * @param all - the same on all engines
 * @returns half a sentence for people; undefined where the best laps can be believed
 */
export function disturbanceOf(one: readonly Lap[], all: readonly Lap[]): string | undefined {
  const [best] = byTime(one);
  const share = best === undefined ? 1 : best.cpuMs / best.wallMs;
  if (share < LEAST_SHARE)
    return `other work on this machine left ${String(Math.round(share * 100))} % of a processor to one engine`;
  const apart = Math.max(spread(one), spread(all));
  if (apart > MOST_APART)
    return `rounds of the same work took up to ${apart.toFixed(1)} times as long as the best`;
  return undefined;
}

function byTime(laps: readonly Lap[]): Lap[] {
  return [...laps].sort((a, b) => a.wallMs - b.wallMs);
}

/** How far the second best is from the best. */
function spread(laps: readonly Lap[]): number {
  const [best, second] = byTime(laps);
  return best === undefined || second === undefined ? 1 : second.wallMs / best.wallMs;
}
