/** One access of a thread to the shared cells; the thread waits for its answer. */
export interface Access {
  readonly kind: 'load' | 'store' | 'add' | 'compareExchange' | 'notify' | 'wait' | 'waitAsync';
  readonly index: number;
  readonly operands: readonly number[];
}

/** Shared 32-bit cells as a thread under exploration sees them. Another thread may be let run before every single call. */
export interface Cells {
  load(index: number): number;
  store(index: number, value: number): void;
  add(index: number, change: number): number;
  compareExchange(index: number, expected: number, replacement: number): number;
  notify(index: number): number;
  /** Blocks as `Atomics.wait` does; with a finite timeout the explorer also tries what happens when it runs out. */
  wait(index: number, expected: number, timeoutMs?: number): 'ok' | 'not-equal' | 'timed-out';
  /** As `Atomics.waitAsync`: false when the cell is not `expected`, else `wake` runs in a turn of its own after a notify. */
  waitAsync(index: number, expected: number, wake: () => void): boolean;
  /** Milliseconds; only a timeout lets them pass. */
  now(): number;
}

/** What a thread does, from its start; has to depend on nothing but the answers of its cells. */
export type Program = (cells: Cells) => unknown;

/** How an access was answered; what the kinds without a number answer is counted here. */
export const WAITED = { ok: 0, 'not-equal': 1, 'timed-out': 2 } as const;

/** Where a thread stands: at its next access, or with nothing to do. */
export type Position = { readonly access: Access } | { readonly access: undefined; readonly result: unknown };

let points = 0;

/**
 * A point in the life of a thread: all that happened to it before, as the point before and one more answer or turn.
 *
 * Points are unique: the same life leads to the same object. So a thread is run again once a point, however many schedules
 * come by, and a number names all that the thread knows.
 */
export class LifePoint {
  readonly id: number = points++;
  readonly #program: Program;
  readonly #before: { readonly point: LifePoint; readonly answer: number } | undefined;
  /** Which wake-ups have run, by the order in which they were armed. */
  readonly #turns: readonly number[];
  readonly #answered = new Map<number, LifePoint>();
  readonly #turned = new Map<number, LifePoint>();
  #position: Position | undefined = undefined;

  constructor(
    program: Program,
    before?: { point: LifePoint; answer: number },
    turns: readonly number[] = [],
  ) {
    this.#program = program;
    this.#before = before;
    this.#turns = turns;
  }

  get position(): Position {
    return (this.#position ??= this.#replay());
  }

  /** After its access was answered. */
  answered(answer: number): LifePoint {
    let point = this.#answered.get(answer);
    if (point === undefined) {
      point = new LifePoint(this.#program, { point: this, answer }, this.#turns);
      this.#answered.set(answer, point);
    }
    return point;
  }

  /** After it had nothing to do, when a wake-up begins to run. */
  turned(wake: number): LifePoint {
    let point = this.#turned.get(wake);
    if (point === undefined) {
      point = new LifePoint(this.#program, this.#before, [...this.#turns, wake]);
      this.#turned.set(wake, point);
    }
    return point;
  }

  /** Runs the program from its start, through all that happened, up to what it does next. */
  #replay(): Position {
    const accesses: Access[] = [];
    const answers: number[] = [];
    for (let { point, answer } = this.#before ?? {}; point !== undefined && answer !== undefined;) {
      accesses.unshift(point.position.access as Access);
      answers.unshift(answer);
      ({ point, answer } = point.#before ?? {});
    }
    const cells = new ReplayedCells(accesses, answers);
    let result: unknown;
    try {
      result = this.#program(cells);
      for (const turn of this.#turns) (cells.wakes[turn] as () => void)();
    } catch (error) {
      // Code under test may have wrapped or swallowed the stop on its way; whether there was one is known.
      if (cells.pending === undefined) throw error;
    }
    return cells.pending === undefined ? { access: undefined, result } : { access: cells.pending };
  }
}

/** A thread stopped at an access that has no answer yet: nothing after it counts. */
class Stopped extends Error {}

class ReplayedCells implements Cells {
  readonly wakes: (() => void)[] = [];
  pending: Access | undefined = undefined;
  readonly #accesses: readonly Access[];
  readonly #answers: readonly number[];
  #next = 0;
  #now = 0;

  constructor(accesses: readonly Access[], answers: readonly number[]) {
    this.#accesses = accesses;
    this.#answers = answers;
  }

  load(index: number): number {
    return this.#ask('load', index);
  }

  store(index: number, value: number): void {
    this.#ask('store', index, value);
  }

  add(index: number, change: number): number {
    return this.#ask('add', index, change);
  }

  compareExchange(index: number, expected: number, replacement: number): number {
    return this.#ask('compareExchange', index, expected, replacement);
  }

  notify(index: number): number {
    return this.#ask('notify', index);
  }

  wait(index: number, expected: number, timeoutMs = Infinity): 'ok' | 'not-equal' | 'timed-out' {
    const answer = this.#ask('wait', index, expected, timeoutMs);
    if (answer === WAITED['timed-out']) this.#now += timeoutMs;
    return answer === WAITED.ok ? 'ok' : answer === WAITED['not-equal'] ? 'not-equal' : 'timed-out';
  }

  waitAsync(index: number, expected: number, wake: () => void): boolean {
    if (this.#ask('waitAsync', index, expected) === WAITED['not-equal']) return false;
    this.wakes.push(wake);
    return true;
  }

  now(): number {
    return this.#now;
  }

  #ask(kind: Access['kind'], index: number, ...operands: number[]): number {
    const access: Access = { kind, index, operands };
    const before = this.#accesses[this.#next];
    if (this.pending === undefined && before !== undefined) {
      if (describeAccess(before) !== describeAccess(access)) {
        throw new Error(
          `a thread did ${describeAccess(access)} where it had done ${describeAccess(before)}: programs must depend on their cells only`,
        );
      }
      return this.#answers[this.#next++] as number;
    }
    this.pending ??= access;
    throw new Stopped();
  }
}

/** An access as a line of a schedule. */
export function describeAccess({ kind, index, operands }: Access): string {
  return `${kind}(${[index, ...operands].map(String).join(', ')})`;
}
