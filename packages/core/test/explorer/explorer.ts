import { describeAccess, LifePoint, WAITED, type Access, type Program } from './virtual-thread.ts';

/**
 * Runs small multi-threaded scenarios under every schedule: all orders in which the threads' accesses can happen, with a
 * bounded number of preemptions if one says so. Atomics are sequentially consistent, so these orders are all there is.
 *
 * A thread is an ordinary function. It is stopped at an access by running it again from its start, with the answers that
 * it got before, until it asks something new. So a state of the whole is plain data, every branch starts from a copy,
 * and two schedules that led to the same state have the same future: it is explored once and counted for both.
 */
export interface Scenario {
  /** What the cells hold at first. */
  readonly cells: readonly number[];
  readonly threads: Readonly<Record<string, ThreadPlan | Program>>;
  /** How often a thread that could go on may be interrupted; no limit by default. */
  readonly preemptions?: number;
  /** How many of the threads that are `mortal` may die, before any of their accesses; 0 by default. */
  readonly kills?: number;
  /** Throws if a schedule ended wrongly. A thread that blocks for ever is left in the outcome as `blocked`. */
  readonly check: (outcome: Outcome) => void;
  /** False: explore every schedule one by one, as proof that merging equal states changes nothing. */
  readonly merge?: boolean;
}

/** A thread with more to say than its program. */
export interface ThreadPlan {
  readonly run: Program;
  /** It starts only when that thread has finished or died. */
  readonly after?: string;
  readonly mortal?: boolean;
}

/** How a schedule ended. */
export interface Outcome {
  readonly cells: readonly number[];
  readonly threads: Readonly<Record<string, ThreadOutcome>>;
}

/** `idle` is finished, but with a wake-up armed that nobody triggered. */
export type ThreadOutcome =
  | { readonly state: 'finished'; readonly result: unknown }
  | { readonly state: 'idle'; readonly result: unknown }
  | { readonly state: 'blocked' | 'dead' | 'unborn' };

/** What was explored. */
export interface Exploration {
  /** Different schedules: sequences of choices from start to end. */
  readonly schedules: bigint;
  /** Different states that they went through. */
  readonly states: number;
}

/** A schedule whose end `check` did not accept. */
export class ScheduleError extends Error {
  readonly schedule: readonly string[];

  constructor(schedule: readonly string[], cause: unknown) {
    super(
      `${cause instanceof Error ? cause.message : String(cause)}\nafter this schedule:\n  ${schedule.join('\n  ')}`,
      { cause },
    );
    this.schedule = schedule;
  }
}

interface Thread {
  /** All that it knows, and so the access that it makes when it is let run. */
  readonly point: LifePoint;
  readonly state: 'unborn' | 'ready' | 'blocked' | 'idle' | 'dead';
  /** Wake-ups that were notified and have not run. */
  readonly woken: readonly number[];
  /** Wake-ups armed so far, in its whole life. */
  readonly armed: number;
}

/** Somebody who waits for a cell; `wake` tells which armed wake-up, -1 a blocked thread. */
interface Sleeper {
  readonly thread: number;
  readonly index: number;
  readonly wake: number;
}

interface State {
  readonly cells: readonly number[];
  /** The same as a number: equal cells, equal number. */
  readonly cellsId: number;
  readonly threads: readonly Thread[];
  readonly sleepers: readonly Sleeper[];
}

/** One way to go on: a thread makes its access, sees its wait time out, or dies. */
interface Choice {
  readonly thread: number;
  readonly act: 'step' | 'timeout' | 'kill';
}

/** The access that a thread which is ready or blocked is at. */
const accessOf = (thread: Thread): Access => thread.point.position.access as Access;

/** Runs a thread from `point` to its next access, or to its rest. */
function settle(thread: Thread, point: LifePoint): Thread {
  const { woken } = thread;
  if (point.position.access !== undefined) return { ...thread, point, state: 'ready' };
  const [turn, ...later] = woken;
  if (turn === undefined) return { ...thread, point, state: 'idle' };
  return settle({ ...thread, woken: later }, point.turned(turn));
}

/** Explores all schedules; throws a `ScheduleError` with the first that ends wrongly. */
export function explore(scenario: Scenario): Exploration {
  const names = Object.keys(scenario.threads);
  const plans = names.map((name): ThreadPlan => {
    const plan = scenario.threads[name] as ThreadPlan | Program;
    return typeof plan === 'function' ? { run: plan } : plan;
  });
  const merge = scenario.merge ?? true;
  const counts = new Map<string, bigint>();
  const cellsIds = new Map<string, number>();
  const path: { state: State; choice: Choice }[] = [];
  let states = 0;

  const holding = (cells: readonly number[]): Pick<State, 'cells' | 'cellsId'> => {
    const key = cells.join();
    const cellsId = cellsIds.get(key) ?? cellsIds.size;
    cellsIds.set(key, cellsId);
    return { cells, cellsId };
  };

  /** Starts the threads whose time has come. */
  const start = (state: State): State => {
    if (!state.threads.some((thread) => thread.state === 'unborn')) return state;
    const over = (name: string): boolean => {
      const index = names.indexOf(name);
      if (index < 0) throw new Error(`no thread is called ${name}`);
      const thread = state.threads[index] as Thread;
      return (
        thread.state === 'dead' ||
        (thread.state === 'idle' && !state.sleepers.some((sleeper) => sleeper.thread === index))
      );
    };
    const threads = state.threads.map((thread, index) => {
      const { after } = plans[index] as ThreadPlan;
      return thread.state === 'unborn' && (after === undefined || over(after))
        ? settle(thread, thread.point)
        : thread;
    });
    return { ...state, threads };
  };

  const answer = (state: State, index: number, value: number): State => {
    const thread = state.threads[index] as Thread;
    const next = settle(thread, thread.point.answered(value));
    return { ...state, threads: state.threads.with(index, next) };
  };

  const notify = (state: State, cell: number): { state: State; woken: number } => {
    const woken = state.sleepers.filter(({ index }) => index === cell);
    let next: State = { ...state, sleepers: state.sleepers.filter(({ index }) => index !== cell) };
    for (const { thread, wake } of woken) {
      if (wake < 0) {
        next = answer(next, thread, WAITED.ok);
        continue;
      }
      const sleeper = next.threads[thread] as Thread;
      const queued = { ...sleeper, woken: [...sleeper.woken, wake] };
      next = {
        ...next,
        threads: next.threads.with(thread, sleeper.state === 'idle' ? settle(queued, queued.point) : queued),
      };
    }
    return { state: next, woken: woken.length };
  };

  const step = (state: State, index: number): State => {
    const thread = state.threads[index] as Thread;
    const { kind, index: cell, operands } = accessOf(thread);
    const [first = 0, second = 0] = operands;
    const before = state.cells[cell];
    if (before === undefined) throw new Error(`there is no cell ${String(cell)}`);
    const put = (value: number): State => ({ ...state, ...holding(state.cells.with(cell, value | 0)) });
    switch (kind) {
      case 'load':
        return answer(state, index, before);
      case 'store':
        return answer(put(first), index, 0);
      case 'add':
        return answer(put(before + first), index, before);
      case 'compareExchange':
        return answer(before === first ? put(second) : state, index, before);
      case 'notify': {
        const { state: next, woken } = notify(state, cell);
        return answer(next, index, woken);
      }
      case 'wait':
        if (before !== first) return answer(state, index, WAITED['not-equal']);
        return {
          ...state,
          sleepers: [...state.sleepers, { thread: index, index: cell, wake: -1 }],
          threads: state.threads.with(index, { ...thread, state: 'blocked' }),
        };
      case 'waitAsync': {
        if (before !== first) return answer(state, index, WAITED['not-equal']);
        const armed = { ...thread, armed: thread.armed + 1 };
        const sleepers = [...state.sleepers, { thread: index, index: cell, wake: thread.armed }];
        return answer({ ...state, sleepers, threads: state.threads.with(index, armed) }, index, WAITED.ok);
      }
    }
  };

  const act = (state: State, { thread, act: what }: Choice): State => {
    if (what === 'step') return step(state, thread);
    const sleepers = state.sleepers.filter((sleeper) => sleeper.thread !== thread || sleeper.wake >= 0);
    if (what === 'timeout') return answer({ ...state, sleepers }, thread, WAITED['timed-out']);
    const dead: Thread = { ...(state.threads[thread] as Thread), state: 'dead' };
    return {
      ...state,
      sleepers: state.sleepers.filter((sleeper) => sleeper.thread !== thread),
      threads: state.threads.with(thread, dead),
    };
  };

  const describeChoice = (state: State, { thread, act: what }: Choice): string => {
    const name = names[thread] as string;
    if (what === 'kill') return `${name} dies`;
    if (what === 'timeout') return `${name}: its wait times out`;
    const access = accessOf(state.threads[thread] as Thread);
    return `${name}: ${describeAccess(access)}, the cell holds ${String(state.cells[access.index])}`;
  };

  const finish = (state: State): void => {
    const threads: Record<string, ThreadOutcome> = {};
    state.threads.forEach((thread, index) => {
      const armed = state.sleepers.some((sleeper) => sleeper.thread === index);
      const { position } = thread.point;
      threads[names[index] as string] =
        thread.state === 'idle' && position.access === undefined
          ? { state: armed ? 'idle' : 'finished', result: position.result }
          : { state: thread.state as 'blocked' | 'dead' | 'unborn' };
    });
    try {
      scenario.check({ cells: state.cells, threads });
    } catch (error) {
      throw new ScheduleError(
        path.map((taken) => describeChoice(taken.state, taken.choice)),
        error,
      );
    }
  };

  const visit = (state: State, current: number, preemptions: number, kills: number): bigint => {
    const key = merge ? keyOf(state, current, preemptions, kills) : '';
    const known = merge ? counts.get(key) : undefined;
    if (known !== undefined) return known;
    states++;
    const choices = choicesOf(state, plans, kills);
    // A kill is no way to go on: who is left to run decides whether it is over.
    let schedules = 0n;
    if (choices.every(({ act: what }) => what === 'kill')) {
      finish(state);
      schedules++;
    }
    const goesOn = choices.some(({ thread, act: what }) => thread === current && what !== 'kill');
    for (const choice of choices) {
      const preempts = choice.act !== 'kill' && goesOn && choice.thread !== current;
      if (preempts && preemptions === 0) continue;
      path.push({ state, choice });
      schedules += visit(
        start(act(state, choice)),
        choice.act === 'kill' ? current : choice.thread,
        preempts ? preemptions - 1 : preemptions,
        choice.act === 'kill' ? kills - 1 : kills,
      );
      path.pop();
    }
    if (merge) counts.set(key, schedules);
    return schedules;
  };

  const first = start({
    ...holding(scenario.cells),
    threads: plans.map(({ run }) => ({ point: new LifePoint(run), state: 'unborn', woken: [], armed: 0 })),
    sleepers: [],
  });
  const schedules = visit(first, -1, scenario.preemptions ?? Infinity, scenario.kills ?? 0);
  return { schedules, states };
}

function choicesOf(state: State, plans: readonly ThreadPlan[], kills: number): Choice[] {
  const choices: Choice[] = [];
  state.threads.forEach((thread, index) => {
    if (thread.state === 'ready') choices.push({ thread: index, act: 'step' });
    if (thread.state === 'blocked' && (accessOf(thread).operands[1] ?? Infinity) !== Infinity) {
      choices.push({ thread: index, act: 'timeout' });
    }
    const alive = thread.state === 'ready' || thread.state === 'blocked';
    if (alive && kills > 0 && plans[index]?.mortal === true) choices.push({ thread: index, act: 'kill' });
  });
  return choices;
}

/** What the future depends on: the cells, what each thread knows, who sleeps, and what may still be done. */
function keyOf(state: State, current: number, preemptions: number, kills: number): string {
  let key = `${String(state.cellsId)},${String(current)},${String(preemptions)},${String(kills)}`;
  for (const { state: now, point, woken } of state.threads)
    key += `;${now}${String(point.id)}:${woken.join()}`;
  for (const { thread, index, wake } of state.sleepers)
    key += `;${String(thread)}.${String(index)}.${String(wake)}`;
  return key;
}
