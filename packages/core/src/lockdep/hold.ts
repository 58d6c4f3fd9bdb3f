import type { Fence } from '../fence/fence.js';
import { leadsTo, Step } from './flow.js';
import type { Node } from './graph.js';
import type { Capacity } from '../producer/capacity.js';
import { relate } from './relation.js';
import { captureTrace, type Trace } from './trace.js';

/** Something seen while a hold was open, of which only the end of the hold can tell whether it was the same task. */
interface Question {
  readonly mark: Step;
  /** The function in which holder and event meet, if the holder may have passed its hold up to it. */
  readonly meeting: string | undefined;
  readonly confirm: () => void;
}

/** Whether an event happened in the task of a hold; `ask` means that it shows when the hold ends. */
export interface Verdict {
  readonly verdict: 'yes' | 'ask' | 'no';
  /** The function in which they meet. */
  readonly meeting: string | undefined;
  /** In a function that somebody has called who may await it or not: then the holder goes on with what it holds. */
  readonly called: boolean;
}

/** A lock that a task asked for or has, or a fence's own section that it is inside of. */
export class Hold {
  readonly node: Node;
  /** What reports call this very lock or fence. */
  readonly name: string;
  /** The lock itself; undefined for sections, and for locks that did not say. */
  readonly lock: object | undefined;
  readonly transaction: object | undefined;
  /** The fence whose section it is; weak, so that a task that goes on does not keep it. */
  readonly fence: WeakRef<Fence> | undefined;
  /** The capacity that work holds a share of. */
  readonly capacity: Capacity | undefined;
  readonly step: Step;
  /** Where it was asked for, or begun. */
  readonly asked: Trace;
  /** Where it was granted, if that came later: the stack then shows exactly who waited for it. */
  #granted: Trace | undefined = undefined;
  state: 'asked' | 'held' | 'over' = 'asked';
  /** When it began to be held, see `Scene.begins`. */
  moment: number;
  /** True when the task was started for it, so that nothing else can be meant. */
  readonly exact: boolean;
  /** Whether other threads may have the same lock, of the same name. */
  readonly isShared: boolean;
  /** Who awaited that it was over, where it was held by work that was begun for it. */
  awaited: Trace | undefined = undefined;
  /** Told when it ends. */
  readonly outlived: Set<() => void> = new Set<() => void>();
  #questions: Question[] = [];

  constructor(options: {
    node: Node;
    name: string;
    asked: Trace;
    parent: Step | undefined;
    lock?: object | undefined;
    transaction?: object | undefined;
    fence?: Fence;
    task?: string | undefined;
    capacity?: Capacity | undefined;
    /** It is held by work that was begun for it. */
    exact?: boolean;
    isShared?: boolean;
  }) {
    this.node = options.node;
    this.name = options.name;
    this.asked = options.asked;
    this.lock = options.lock;
    this.transaction = options.transaction;
    this.fence = options.fence === undefined ? undefined : new WeakRef(options.fence);
    this.capacity = options.capacity;
    this.exact = options.task !== undefined || options.exact === true;
    this.isShared = options.isShared === true;
    this.moment = Infinity;
    this.step = new Step(options.parent, this, options.task);
  }

  /** It is this task's from now on. */
  grant(trace: Trace): void {
    this.#granted = trace;
    this.state = 'held';
  }

  /** Where the hold began, for reports. */
  get since(): Trace {
    return this.#granted ?? this.asked;
  }

  /**
   * Whether what happens at `from`, with the stack `event`, happens in the task of this hold.
   *
   * Two witnesses must agree. The chain of steps leads from every continuation back to the hold, but also from code
   * that merely called the holder and went its own way (an async function that is not awaited leaves its step behind in
   * its caller). The stack tells these apart: it shows the functions that hold, or await, one another.
   */
  judge(from: Step | undefined, event: Trace): Verdict {
    const way = this.#wayFrom(from);
    if (way === 'own' && this.exact) return { verdict: 'yes', meeting: undefined, called: false };
    const { kind, key, async, passed, called } = relate(this.since, event);
    // In the holder, in what it calls, or in who it passed the hold up to.
    const inside = kind === 'inside' || (kind === 'outer' && (passed || this.#granted !== undefined));
    const verdict = (answer: Verdict['verdict']): Verdict => ({
      verdict: answer,
      meeting: key,
      called,
    });
    // A task started meanwhile has nothing of its starter, unless the starter awaits it.
    if (way === 'beyond') return verdict(kind === 'inside' && async && !this.exact ? 'yes' : 'no');
    if (way === 'own') return verdict(inside ? 'yes' : kind === 'other' ? 'no' : 'ask');
    // Taken in a function that was awaited, so that its caller carries no step of it.
    if (!inside || this.fence !== undefined) return verdict('no');
    // Another run of the same code looks alike; who gives the hold back tells them apart.
    const { parent } = this.step;
    return verdict(parent === undefined || leadsTo(from, parent) ? 'ask' : 'no');
  }

  /** Remembers what may have been the same task. */
  ask(mark: Step, meeting: string | undefined, confirm: () => void): void {
    this.#questions.push({ mark, meeting, confirm });
  }

  /** Ends the hold at `from`: whoever ends it is the holder, which answers the open questions. */
  end(from: Step | undefined): void {
    if (this.state === 'over') return;
    this.state = 'over';
    for (const tell of [...this.outlived]) tell();
    if (this.#questions.length > 0) this.#answer(from);
    this.step.forget();
  }

  /** Whoever ends the hold is the holder. */
  #answer(from: Step | undefined): void {
    const questions = this.#questions;
    this.#questions = [];
    const holder = this.since.top?.key ?? '';
    let ending: readonly string[] | undefined;
    for (const { mark, meeting, confirm } of questions) {
      let same = leadsTo(from, mark);
      if (!same && meeting !== undefined && leadsTo(mark, this.step)) {
        ending ??= captureTrace().frames.map(({ key }) => key);
        // Ended by the function in which they meet, and not by the one that took it: it was passed up to there.
        same = ending.includes(meeting) && !ending.includes(holder);
      }
      mark.forget();
      if (same) confirm();
    }
  }

  #wayFrom(from: Step | undefined): 'own' | 'beyond' | 'elsewhere' {
    let beyond = false;
    for (let at = from; at !== undefined; at = at.parent) {
      if (at === this.step) return beyond ? 'beyond' : 'own';
      if (at.task !== undefined) beyond = true;
    }
    return 'elsewhere';
  }
}
