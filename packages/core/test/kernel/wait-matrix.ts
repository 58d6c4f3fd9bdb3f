/** In which state the fence of a sync object is when somebody begins to wait. */
export type State = 'unsubmitted' | 'submitted' | 'signaled';

/** One way to wait, and for what. */
export interface Way {
  /** What igt calls it. */
  readonly name: string;
  readonly all: boolean;
  readonly waitForSubmit: boolean;
  readonly available: boolean;
  readonly states: readonly State[];
  /** What becomes of it while nothing changes. */
  readonly outcome: 'EINVAL' | 'ETIME' | 'over';
}

const STATES = ['unsubmitted', 'submitted', 'signaled'] as const;

/** Every subset of a list that is not empty, in order. */
function subsets<T>(list: readonly T[]): T[][] {
  const count = 2 ** list.length;
  return Array.from({ length: count - 1 }, (_, bits) => list.filter((_one, at) => ((bits + 1) >> at) & 1));
}

function outcomeOf({ all, waitForSubmit, available, states }: Omit<Way, 'name' | 'outcome'>): Way['outcome'] {
  if (states.includes('unsubmitted') && !waitForSubmit && !available) return 'EINVAL';
  const over = (state: State): boolean => state === 'signaled' || (available && state === 'submitted');
  return (all ? states.every(over) : states.some(over)) ? 'over' : 'ETIME';
}

/**
 * The combinations that igt's `single-wait…` and `multi-wait…` subtests run through.
 *
 * @param kind of a binary sync object there is no "available", and only what is invalid says so in its name.
 */
export function ways(kind: 'binary' | 'timeline', count: 'single' | 'multi'): Way[] {
  const flags = kind === 'binary' ? [false] : [false, true];
  const groups = count === 'single' ? STATES.map((state) => [state]) : subsets(STATES);
  const list: Way[] = [];
  for (const states of groups) {
    for (const all of [false, true]) {
      for (const waitForSubmit of [false, true]) {
        for (const available of flags) {
          const way = { all, waitForSubmit, available, states };
          const outcome = outcomeOf(way);
          const prefix =
            outcome === 'EINVAL' ? 'invalid-' : outcome === 'ETIME' && kind === 'timeline' ? 'etime-' : '';
          const how = `${all ? '-all' : ''}${waitForSubmit ? '-for-submit' : ''}${available ? '-available' : ''}`;
          list.push({ ...way, outcome, name: `${prefix}${count}-wait${how}-${states.join('-')}` });
        }
      }
    }
  }
  return list;
}
