import type { DmaFenceContext } from '../fence/context.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { cycleFound } from './findings.js';
import { Step, taskOf } from './flow.js';
import { Node, type Edge } from './graph.js';
import type { Hold } from './hold.js';
import { relate } from './relation.js';
import type { Fail } from './reporter.js';
import type { Event, Scene } from './scene.js';
import { Trace } from './trace.js';

/** This thread, among those that leave notes. */
const here = /* @__PURE__ */ crypto.getRandomValues(new Int32Array(1))[0];

/** What one thread tells the others of a timeline and a class of locks. */
interface Note {
  readonly thread: unknown;
  /** `wait`: held here over a wait for the timeline. `advance`: taken here before it is advanced. */
  readonly what: 'wait' | 'advance';
  readonly under: 'held' | 'before' | undefined;
  readonly lock: string;
  readonly fence: string;
  readonly heldAt: readonly string[];
  readonly neededAt: readonly string[];
}

/** How many locks that were given back a task remembers. */
const MANY = 16;

/**
 * Finds deadlocks of which each thread sees one half: a lock is held over a wait for a shared timeline here, and taken there
 * before the timeline is advanced. Each thread leaves word of its half in the timeline's block; who finds the other half reports.
 *
 * Classes go by their names: a lock that several threads share has the same one in all of them. Core's own locks and what
 * limits work here are of one thread.
 */
export class ThreadWatch {
  readonly #scene: Scene;
  /** What was told of each timeline. */
  readonly #told = new WeakMap<DmaFenceContext, Set<string>>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** Whether other threads may know a timeline. */
  isConcerned(context: DmaFenceContext): boolean {
    return context._notes !== undefined;
  }

  /** A fence is waited for while a lock is held. */
  waited(hold: Hold, { context, name }: Pick<DmaFence, 'context' | 'name'>, event: Event, fail: Fail): void {
    if (!hold.isShared || !this.isConcerned(context)) return;
    const half = { what: 'wait', under: undefined, fence: name, heldAt: hold.since } as const;
    this.#tell(context, hold, { ...half, neededAt: event.trace }, fail);
  }

  /** A timeline is advanced by a task that holds locks, or has given them back. */
  advanced(context: DmaFenceContext, fence: string, event: Event): void {
    const scene = this.#scene;
    const tell = (hold: Hold, under: 'held' | 'before'): void => {
      const half = { what: 'advance', under, fence, heldAt: hold.since } as const;
      this.#tell(context, hold, { ...half, neededAt: event.trace }, event.fail);
    };
    for (const hold of scene.candidates(event.from)) {
      if (!hold.isShared) continue;
      scene.judge(hold, event, () => {
        tell(hold, 'held');
      });
    }
    for (const hold of this.#pastOf(event.from)) if (isBefore(hold, event.trace)) tell(hold, 'before');
  }

  /** A lock was given back, or is asked for by a call that gives it back: what its task does next comes after it. */
  passed(hold: Hold): void {
    if (!hold.isShared) return;
    const { flow, turn, turns } = this.#scene;
    const current = Step.wanted(flow.current);
    const known = this.#pastOf(current).filter(({ node }) => node !== hold.node);
    const past = { holds: [hold, ...known].slice(0, MANY), turn: turns, place: flow.place };
    const isOnTop = current?.past !== undefined;
    flow.enter(new Step(isOnTop ? current.parent : current, undefined, undefined, past));
    if (isOnTop) current.forget();
    turn.watch();
  }

  /** The locks that a task has asked for before, the newest first. */
  #pastOf(from: Step | undefined): readonly Hold[] {
    const { flow, turns } = this.#scene;
    for (let at = Step.wanted(from); at !== undefined; at = at.parent) {
      if (at.past === undefined) continue;
      // Another event in the same place is no continuation, though it finds what that entered.
      const isOther = at.past.turn !== turns && at.past.place !== 0 && at.past.place === flow.place;
      return isOther ? [] : at.past.holds;
    }
    return [];
  }

  #tell(
    context: DmaFenceContext,
    hold: Hold,
    half: Pick<Note, 'what' | 'under' | 'fence'> & { readonly heldAt: Trace; readonly neededAt: Trace },
    fail: Fail,
  ): void {
    const notes = context._notes;
    if (notes === undefined) return;
    let told = this.#told.get(context);
    if (told === undefined) this.#told.set(context, (told = new Set()));
    const key = `${half.what} ${hold.node.name}`;
    if (told.has(key)) return;
    told.add(key);
    const own: Note = {
      ...half,
      thread: here,
      lock: hold.node.name,
      heldAt: half.heldAt.lines,
      neededAt: half.neededAt.lines,
    };
    const index = leave((text) => notes.leave(text), own);
    if (index === undefined) return;
    for (const other of notes.read()) {
      const note = parse(other.text);
      if (note === undefined || note.thread === here || note.lock !== own.lock || note.what === own.what)
        continue;
      if (notes.claim(index, other.index)) this.#report(own, note, taskOf(this.#scene.flow.current), fail);
    }
  }

  #report(own: Note, other: Note, task: string | undefined, fail: Fail): void {
    const lock = new Node('lock', own.lock);
    const fence = new Node('fence', contextOf(own.fence));
    const edge = (note: Note): Edge => ({
      from: note.what === 'wait' ? lock : fence,
      to: note.what === 'wait' ? fence : lock,
      held: note.what === 'wait' ? note.lock : note.fence,
      needed: note.what === 'wait' ? note.fence : note.lock,
      heldAt: Trace.told(note.heldAt),
      neededAt: Trace.told(note.neededAt),
      task: note === own ? task : undefined,
      ...(note.under === undefined ? {} : { under: note.under }),
      ...(note === own ? {} : { elsewhere: true as const }),
    });
    const [waits, advances] = own.what === 'wait' ? [own, other] : [other, own];
    this.#scene.reporter.order(cycleFound([edge(waits), edge(advances)]), fail);
  }
}

function contextOf(fence: string): string {
  return fence.replace(/:\d+$/, '');
}

/** Whether a lock that a task asked for was over before what has that stack: work that holds a lock must have been awaited. */
function isBefore({ exact, state, awaited }: Hold, event: Trace): boolean {
  if (!exact) return true;
  if (state !== 'over' || awaited === undefined) return false;
  const { kind } = relate(awaited, event);
  return kind === 'inside' || kind === 'outer';
}

/** Leaves a note, with as much of its stacks as there is room for. */
function leave(give: (text: string) => number | undefined, note: Note): number | undefined {
  const most = Math.max(note.heldAt.length, note.neededAt.length, 1);
  for (let lines = Math.min(most, 4); lines >= 0; lines--) {
    const cut = { ...note, heldAt: note.heldAt.slice(0, lines), neededAt: note.neededAt.slice(0, lines) };
    const index = give(JSON.stringify(cut));
    if (index !== undefined) return index;
  }
  return undefined;
}

/** A note of another thread, after the check: it comes from outside. */
function parse(text: string): Note | undefined {
  try {
    const note = JSON.parse(text) as Partial<Record<keyof Note, unknown>> | null;
    const isText = (value: unknown): value is string => typeof value === 'string';
    const isLines = (value: unknown): boolean => Array.isArray(value) && value.every(isText);
    if (note === null || !isText(note.lock) || !isText(note.fence)) return undefined;
    if (!isLines(note.heldAt) || !isLines(note.neededAt)) return undefined;
    if (note.what !== 'wait' && note.what !== 'advance') return undefined;
    if (note.under !== undefined && note.under !== 'held' && note.under !== 'before') return undefined;
    return note as Note;
  } catch {
    return undefined;
  }
}
