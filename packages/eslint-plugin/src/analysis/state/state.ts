import type { Resource } from '../finding.js';
import type { Variable } from '../text/names.js';
import { Facts } from './facts.js';
import type { Node } from '../text/syntax.js';
import { Naming } from './naming.js';
import { TrackedMap, type Tracking } from './tracked-map.js';
import { either, unknown, valueKey, type Value } from './value.js';

/**
 * `owned`: somebody here has to put it. `held`: a container made here has it. `scoped`: `using` or a stack puts it.
 * `moved`: somebody else has it. `put`: gone. `shared`: it may have got another owner; nothing is said of it.
 */
export type Status = 'owned' | 'held' | 'scoped' | 'moved' | 'put' | 'shared';

/**
 * `kept`: it was in the place when the function began. `looked up`: so it was, and the function saw it. `unseen`: the
 * function only asked for it by its key, or took it away by that. `handed out`: `shift` gave it to the function.
 * `put in`: the function stored it there.
 */
export type Standing = 'kept' | 'looked up' | 'unseen' | 'handed out' | 'put in';

/** One reference on one path. Never changed in place: states share them. */
export interface Reference {
  readonly id: string;
  readonly object: string;
  readonly resource: Resource;
  readonly site: Node;
  readonly name: string;
  readonly status: Status;
  /** Where it got this status. */
  readonly at: Node;
  /** Container, path or `using` variable that has it. */
  readonly holder?: string | undefined;
  /** Taken by a bare `fence.get();`: no variable carries it, the object does. */
  readonly floating?: boolean | undefined;
  /** How the place that the run is about has to do with it. */
  readonly standing?: Standing | undefined;
  /** A parameter whose reference the function takes over. */
  readonly parameter?: 'always' | 'when true' | 'when false' | undefined;
}

/** The container that stands for the place a run is about: what is in it outlives the function. */
export const slotId = '@';

/** Whether a reference was the place's before the function began. */
export function isOfPlace({ standing }: Reference): boolean {
  return standing !== undefined && standing !== 'put in';
}

/** What is known of a fence itself, whoever holds references to it. */
export interface ObjectFacts {
  /** Made here by `createFence` of a context: its producer is here. */
  readonly created?: Node | undefined;
  readonly signaled?: Node | undefined;
  readonly published?: boolean | undefined;
  /** Somebody else has the producer's side too and may signal. */
  readonly producerElsewhere?: boolean | undefined;
  /** Put through a name that has no reference of its own (`this.slot.put()`). */
  readonly put?: Node | undefined;
  /** Stored without a reference of its own; a `get()` that follows pays for it. */
  readonly debts?: readonly Debt[] | undefined;
  /** The last await since a mutable slot was read. */
  readonly awaited?: Node | undefined;
  readonly source?: Node | undefined;
}

export interface Debt {
  readonly node: Node;
  readonly source: Node;
  readonly origin: string;
  readonly how: 'store' | 'argument' | 'closure';
  /** Nothing is said of it if nobody pays: `constructor(private fence: DmaFence)` may well only look. */
  readonly tolerated?: true;
}

export interface OpenSection {
  readonly kind: 'free' | 'own' | 'path' | 'work';
  readonly node: Node;
  /** The guard's reference (free) or the fence's object (own, work). */
  readonly of: string;
}

/** `then(() => list.push(fence.get()))`: a use of a fence that is still to come. */
export interface LaterUse {
  readonly object: string;
  readonly node: Node;
}

/** A free section that is over, for `no-signal-outside-section`. */
export interface EndedSection {
  readonly at: Node;
  readonly signaledInside: boolean;
}

const variables: Tracking<Variable, Value> = {
  text(variable, value) {
    const key = valueKey(value);
    return key === ''
      ? undefined
      : `${variable.name}@${String(variable.identifiers[0]?.range[0] ?? 0)}=${key}`;
  },
  note: (naming, _, value, sign) => {
    naming.noteVariable(value, sign);
  },
};

const references: Tracking<string, Reference> = {
  text: (id, { status, holder }) => `${id}:${status}${holder ?? ''}`,
  note: (naming, _, reference, sign) => {
    naming.noteReference(reference, sign);
  },
};

const objects: Tracking<string, ObjectFacts> = {
  text(id, { put, signaled, published, producerElsewhere, awaited, debts }) {
    const flags = [put, signaled, published, producerElsewhere, awaited]
      .map((flag) => (flag === undefined ? '-' : '+'))
      .join('');
    return flags === '-----' && debts === undefined
      ? undefined
      : `${id}${flags}${String(debts?.length ?? 0)}`;
  },
};

const paths: Tracking<string, string> = {
  text: (path, object) => `${path}>${object}`,
  note: (naming, _, object, sign) => {
    naming.noteObject(object, sign);
  },
};

const properties: Tracking<string, Value> = {
  // What a function leaves in a place decides what its callers find there; a container made here ends with the function.
  text: (key, value) => (key.startsWith(slotId) ? `${key}=${valueKey(value) || value.kind}` : undefined),
  note: (naming, key, value, sign) => {
    naming.noteProperty(key, value, sign);
  },
};

/** What holds at one point of one path; changed in place, cloned where paths part. */
export class State {
  /** Who leads where; kept by the maps. */
  readonly naming: Naming;
  readonly variables: TrackedMap<Variable, Value>;
  readonly references: TrackedMap<string, Reference>;
  readonly objects: TrackedMap<string, ObjectFacts>;
  /** Chains of names to the object they lead to. */
  readonly paths: TrackedMap<string, string>;
  /** Container id and property, to the value stored there. */
  readonly properties: TrackedMap<string, Value>;
  /** Containers made here that somebody else has got too: what is put into them from now on is theirs. */
  readonly escaped: Set<string>;
  readonly facts: Facts;
  sections: readonly OpenSection[];
  ended: EndedSection | undefined;
  /** What functions that run when this one is over, or waits, will do with references that are here now. */
  later: readonly LaterUse[];
  /** `return fence.wait()` without `await`: the reference it needs until the promise settles. */
  waiting: { readonly reference: string; readonly node: Node } | undefined;

  constructor(from?: State) {
    this.naming = new Naming(from?.naming);
    this.variables = new TrackedMap(variables, this.naming, from?.variables);
    this.references = new TrackedMap(references, this.naming, from?.references);
    this.objects = new TrackedMap(objects, this.naming, from?.objects);
    this.paths = new TrackedMap(paths, this.naming, from?.paths);
    this.properties = new TrackedMap(properties, this.naming, from?.properties);
    this.escaped = new Set(from?.escaped);
    this.facts = new Facts(from?.facts);
    this.sections = from?.sections ?? [];
    this.ended = from?.ended;
    this.waiting = from?.waiting;
    this.later = from?.later ?? [];
  }

  clone(): State {
    return new State(this);
  }

  /** What decides whether two states may become one: who owns what, and what is open. */
  signature(): string {
    const escaped = this.escaped.size === 0 ? '' : [...this.escaped].sort().join(',');
    return [
      this.variables.digest,
      this.references.digest,
      this.objects.digest,
      this.paths.digest,
      escaped,
      this.sections.map(({ of }) => of).join(','),
      this.ended === undefined ? '' : 'e',
    ].join('|');
  }

  update(id: string, change: Partial<Reference>): void {
    const reference = this.references.get(id);
    if (reference !== undefined) this.references.set(id, { ...reference, ...change });
  }

  note(object: string, change: Partial<ObjectFacts>): void {
    this.objects.set(object, { ...this.objects.get(object), ...change });
  }

  /** Every reference on a fence, the newest last. */
  referencesOn(object: string): Reference[] {
    const found = new Set<Reference>();
    for (const id of this.naming.referencesOn(object)) {
      const reference = this.references.get(id);
      if (reference !== undefined) found.add(reference);
    }
    return [...found];
  }

  /** Whether some variable still leads to a reference, by itself or through a container. */
  isReachable(reference: Reference): boolean {
    if (
      reference.status === 'held' &&
      reference.holder !== undefined &&
      this.isContainerReachable(reference.holder)
    )
      return true;
    if (this.otherHolder(reference) !== undefined) return true;
    // Being in a container takes no name away: what stands in a list may be put under its own name.
    if (this.naming.isCarried(reference.id)) return true;
    if (reference.floating === true && this.naming.hasVariable(reference.object)) return true;
    if (reference.status === 'held') return false;
    // What was taken on somebody else's fence stays reachable through that name.
    return reference.floating === true && !/^\d/.test(reference.object);
  }

  /** Another container than the one that holds a reference, and that leads to it too. */
  otherHolder({ id, holder }: Reference): string | undefined {
    for (const key of this.naming.placesOfReference(id)) {
      const container = key.slice(0, key.indexOf('.'));
      if (container !== holder && this.isContainerReachable(container)) return container;
    }
    return undefined;
  }

  isContainerReachable(id: string, seen: ReadonlySet<string> = new Set()): boolean {
    if (seen.has(id)) return false;
    if (id === slotId) return true;
    if (this.naming.hasContainer(id)) return true;
    for (const key of this.naming.placesOfContainer(id))
      if (this.isContainerReachable(key.slice(0, key.indexOf('.')), new Set([...seen, id]))) return true;
    return false;
  }

  /** Forgets references that are over and that no name leads to, so that paths which differ only in them can meet. */
  tidy(): void {
    for (const object of this.naming.takeChanged()) {
      if (this.naming.isNamed(object)) continue;
      for (const reference of this.referencesOn(object)) {
        const { id, status, holder } = reference;
        if (status !== 'put' && status !== 'moved' && status !== 'shared') continue;
        if (status === 'put' && holder !== undefined && this.isContainerReachable(holder))
          this.naming.change(object);
        else this.references.delete(id);
      }
    }
  }
}

/**
 * Makes one state of each group that agrees about ownership; of facts and constants it keeps what all of them share.
 * (Property simulation, as in ESP: correlated conditions survive exactly where they matter.)
 */
export function merged(states: readonly State[]): State[] {
  if (states.length < 2) {
    states[0]?.tidy();
    return [...states];
  }
  const groups = new Map<string, State>();
  for (const state of states) {
    state.tidy();
    const signature = state.signature();
    const first = groups.get(signature);
    if (first === undefined) groups.set(signature, state);
    else weaken(first, state);
  }
  return [...groups.values()];
}

/** Keeps in a state only what another one knows too; answers whether anything was dropped. */
export function weaken(state: State, other: State): boolean {
  let dropped = state.facts.keepShared(other.facts);
  for (const variable of state.variables.differing(other.variables)) {
    const value = state.variables.get(variable);
    const isPlain = value?.kind === 'constant' || value?.kind === 'one of' || value?.kind === 'nothing';
    if (value === undefined || !isPlain) continue;
    const theirs = other.variables.get(variable);
    if (theirs?.kind === 'nothing' && value.kind === 'nothing') continue;
    const known = theirs === undefined ? undefined : either(value, theirs);
    if (known === value) continue;
    state.variables.set(variable, known ?? unknown);
    dropped = true;
  }
  return dropped;
}
