import type { Hold } from './hold.js';

/**
 * A step in the course of a task: what it has taken, where it was looked at, or where it began.
 *
 * Steps form a chain towards the beginning, and every asynchronous continuation carries the step at which it was left:
 *
 *     task ◀── lock "cache" ◀── wait ◀── …        what runs now carries one of these
 */
export class Step {
  #parent: Step | undefined;
  readonly hold: Hold | undefined;
  /** Set where a task begins: what its starter holds is not the task's. */
  readonly task: string | undefined;
  /** What this task has been through before. */
  readonly past: Past | undefined;
  #wanted = true;

  constructor(parent: Step | undefined, hold?: Hold, task?: string, past?: Past) {
    this.#parent = Step.wanted(parent);
    this.hold = hold;
    this.task = task;
    this.past = past;
  }

  /** The step before that still matters. */
  get parent(): Step | undefined {
    return Step.wanted(this.#parent);
  }

  /** Nobody will ask for it any more: it leaves the chain. The beginning of a task stays, as the end of the chain. */
  forget(): void {
    if (this.task === undefined) this.#wanted = false;
    else this.#parent = undefined;
  }

  /** The first step from `step` backwards that still matters. */
  static wanted(step: Step | undefined): Step | undefined {
    let at = step;
    while (at !== undefined && !at.#wanted) at = at.#parent;
    return at;
  }
}

/** Locks that several threads may share, and that a task has asked for before; see `ThreadWatch`. */
export interface Past {
  /** The newest first. */
  readonly holds: readonly Hold[];
  readonly turn: number;
  /** See `Flow.place`. */
  readonly place: number;
}

/** Whether `step` lies on the way from `from` back to the beginning. */
export function leadsTo(from: Step | undefined, step: Step): boolean {
  for (let at = from; at !== undefined; at = at.parent) if (at === step) return true;
  return false;
}

/** The name of the task that `from` belongs to. */
export function taskOf(from: Step | undefined): string | undefined {
  for (let at = from; at !== undefined; at = at.parent) if (at.task !== undefined) return at.task;
  return undefined;
}

/**
 * How tasks are told apart: `async` through their asynchronous continuations, `sync` by the running turn only.
 *
 * @example Say what to expect of reports
 * ```ts
 * import type { FlowKind } from '@dma-fence/core/lockdep';
 *
 * const depth: Record<FlowKind, string> = { async: 'through await', sync: 'within a turn' };
 * depth.async; // 'through await'
 * ```
 */
export type FlowKind = 'async' | 'sync';

/** Carries steps along the flow of a program. */
export interface Flow {
  readonly kind: FlowKind;
  readonly current: Step | undefined;
  /**
   * What runs now, as a number; 0 where that is not known. Where continuations carry what their beginning has entered, the next
   * event of one emitter finds it, too: in another turn, but in the same place.
   */
  readonly place: number;
  /** What runs now, and what continues it, is at `step` from here on. */
  enter(step: Step): void;
  /** Runs `work` at `step`; the caller stays where it is. */
  run<R>(step: Step, work: () => R): R;
  /** The turn is over. */
  endTurn(): void;
  close(): void;
}

/** What we use of Node's `AsyncLocalStorage`. */
interface AsyncStorage {
  getStore(): unknown;
  enterWith(store: unknown): void;
  run<R>(store: unknown, work: () => R): R;
  disable(): void;
}

/** What we use of Node's `async_hooks`. */
interface AsyncHooks {
  AsyncLocalStorage?: new () => AsyncStorage;
  executionAsyncId?(): number;
}

/** What we use of the proposed `AsyncContext.Variable`. */
interface ContextVariable {
  get(): unknown;
  run<R>(value: unknown, work: () => R): R;
}

/** What platforms may have; looked up when the validator is enabled, so that nothing is imported that a browser lacks. */
interface Host {
  process?: { getBuiltinModule?(name: string): AsyncHooks | undefined };
  AsyncContext?: { Variable?: new () => ContextVariable };
}

/** The best flow that this platform offers. */
export function openFlow(host: object = globalThis): Flow {
  const { process, AsyncContext } = host as Host;
  const hooks = process?.getBuiltinModule?.('node:async_hooks');
  const Storage = hooks?.AsyncLocalStorage;
  if (Storage !== undefined) return storageFlow(new Storage(), () => hooks?.executionAsyncId?.() ?? 0);
  const Variable = AsyncContext?.Variable;
  return Variable === undefined ? turnFlow() : contextFlow(new Variable());
}

/** Node, Deno, Bun: continuations carry the step. */
function storageFlow(storage: AsyncStorage, place: () => number): Flow {
  return {
    kind: 'async',
    get place() {
      return place();
    },
    get current() {
      return storage.getStore() as Step | undefined;
    },
    enter(step) {
      storage.enterWith(step);
    },
    run: (step, work) => storage.run(step, work),
    endTurn() {
      // Every continuation has its own already.
    },
    close() {
      storage.disable();
    },
  };
}

/** Nothing but the turn that runs: what began in it is forgotten with it. */
function turnFlow(): Flow {
  let current: Step | undefined;
  return {
    kind: 'sync',
    place: 0,
    get current() {
      return current;
    },
    enter(step) {
      current = step;
    },
    run(step, work) {
      const before = current;
      current = step;
      try {
        return work();
      } finally {
        current = before;
      }
    },
    endTurn() {
      current = undefined;
    },
    close() {
      current = undefined;
    },
  };
}

/** A cell that a task's continuations share: `AsyncContext` has no way to enter, only to run. */
interface Cell {
  step: Step;
}

/** Browsers with `AsyncContext`: tasks are exact; within one, its last step counts for all of its branches. */
function contextFlow(variable: ContextVariable): Flow {
  const outside = turnFlow();
  const cell = (): Cell | undefined => variable.get() as Cell | undefined;
  return {
    kind: 'async',
    place: 0,
    get current() {
      return cell()?.step ?? outside.current;
    },
    enter(step) {
      const own = cell();
      if (own === undefined) outside.enter(step);
      else own.step = step;
    },
    run: (step, work) => variable.run({ step } satisfies Cell, work),
    endTurn() {
      outside.endTurn();
    },
    close() {
      outside.close();
    },
  };
}
