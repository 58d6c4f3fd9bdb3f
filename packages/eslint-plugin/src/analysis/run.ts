import type { TSESTree } from '@typescript-eslint/utils';
import type { Resolver } from '../types/resolver.js';
import { keyOf, type Finding, type Loss } from './finding.js';
import type { Names, Variable } from './text/names.js';
import type { Reference, State } from './state/state.js';
import type { Summaries } from './judgement/summaries.js';
import type { Place, Stored } from './protocol/place.js';
import { type FunctionNode, isWithin, type Node } from './text/syntax.js';
import type { Value } from './state/value.js';

/** Which calls count as able to throw: explicit `throw` and calls under a `catch`; also every await; also every call. */
export type ThrowPaths = 'explicit' | 'await' | 'all';

/** What changes the paths that are looked at; rules with the same options share one analysis. */
export interface AnalysisOptions {
  readonly throwPaths: ThrowPaths;
  /** What a function of which nothing is known does with a fence it is given. */
  readonly unknownCallee: 'borrow' | 'escape';
}

/** A path that has left the statement it was in: where, how, and with which value. */
export interface Abrupt {
  readonly state: State;
  readonly node: Node;
  readonly how: Loss;
  readonly label?: string | undefined;
  readonly value?: Value | undefined;
}

/** The states in which a statement can be left. */
export interface Completion {
  normal: State[];
  readonly breaks: Abrupt[];
  readonly continues: Abrupt[];
  readonly returns: Abrupt[];
  readonly throws: Abrupt[];
}

export function completion(normal: State[] = []): Completion {
  return { normal, breaks: [], continues: [], returns: [], throws: [] };
}

/** An expression's result on one path. */
export interface Outcome {
  readonly state: State;
  readonly value: Value;
}

/** An owned fence, or nothing, written to a field of `this`. */
export interface FieldStore {
  readonly field: string;
  readonly node: Node;
  /** True when nothing is written. */
  readonly isEmptied: boolean;
  /** True when a name stands for what was there. */
  readonly isKept: boolean;
}

/** More states, steps or nesting than a lint run should pay for: the function is passed over in silence. */
export class BudgetExceeded extends Error {}

const stepLimit = 60_000;
const stateLimit = 64;

/** One interpretation of one function: what it may ask, what it has found, and what it may still spend. */
export class Run {
  readonly root: FunctionNode | TSESTree.Program;
  readonly names: Names;
  readonly resolver: Resolver;
  readonly options: AnalysisOptions;
  readonly summaries: Summaries;
  /** A summary's run looks at what a function does to its parameters and reports nothing. */
  readonly probing: boolean;
  /** The function's results are said to stay somebody else's. */
  readonly returnsBorrowed: boolean;
  /** The field, or variable around the function, that this run is about. */
  readonly place: Place | undefined;
  readonly findings: Map<string, Finding> = new Map<string, Finding>();

  /** Paths that leave the current expression by throwing. */
  thrown: Abrupt[] = [];
  /** How many `try` blocks with a `catch` are around the current node. */
  catchDepth = 0;
  /** How many private methods around the current node are being run where they are called. */
  helpers = 0;
  /** Local functions that are being run where they are called. */
  readonly inlined: FunctionNode[] = [];
  /** What `this` stands for in the functions that are being run where they are called; undefined outside of all of them. */
  receiver: Value | undefined = undefined;
  /** References taken by the current statement and not yet given a name. */
  fresh: Set<string> = new Set<string>();
  /** Values that a pattern is about to give to its names. */
  inHand: readonly Value[] = [];
  /** Chains of names that are assigned, deleted or emptied anywhere in the function. */
  readonly assigned: Set<string> = new Set<string>();
  /** Containers whose content is taken out piece by piece, which is not followed. */
  readonly unfollowed: Set<string> = new Set<string>();
  /** Collections made here that own what is in them, of which `pop` or `shift` has handed out elements. */
  readonly dealtOut: Set<string> = new Set<string>();
  /** Where fences were read that some path puts without having taken them: whoever puts one owned it. */
  readonly putSources: Set<Node> = new Set<Node>();
  /** Acquisitions that some path puts, stores or returns. */
  readonly consumed: Set<Node> = new Set<Node>();
  /** Fences that some path signals, and where. */
  readonly signals: Map<string, Node> = new Map<string, Node>();
  /** Those among them that some path signals without an error. */
  readonly succeeded: Set<string> = new Set<string>();
  /** References that some path loses; judged when all paths are known. */
  readonly losses: { readonly reference: Reference; readonly at: Node; readonly how: Loss }[] = [];
  /** Calls of `addCallback` on a fence that cannot have signaled on this path, and those where it can. */
  readonly freshCallbacks: Set<Node> = new Set<Node>();
  readonly lateCallbacks: Set<Node> = new Set<Node>();
  /** Where an owned fence is written to a field of `this`. */
  readonly ownedStores: Set<Node> = new Set<Node>();
  /** Owned fences, or nothing, written over a field that may still have held one. */
  readonly fieldStores: Map<Node, FieldStore> = new Map<Node, FieldStore>();
  /** What each store into a field or a variable around the function puts there. */
  readonly stores: Map<Node, Stored> = new Map<Node, Stored>();
  /** References of the place that some path loses, and whether any path puts one. */
  readonly placeLosses: { readonly reference: Reference; readonly at: Node; readonly how: Loss }[] = [];
  /** Where it does so first. */
  putsFromPlace: Node | undefined = undefined;
  /** A reference that was put, and that the place still has when the function is over. */
  leavesPut: Reference | undefined = undefined;
  /** The variables in the keys by which elements of the place are known. */
  readonly keys: Map<string, readonly Variable[]> = new Map<string, readonly Variable[]>();
  /** Whether some path gives what the place owns to its caller. */
  lendsFromPlace = false;
  /** What the interpretation has cost so far. */
  steps = 0;

  constructor(parts: {
    root: FunctionNode | TSESTree.Program;
    names: Names;
    resolver: Resolver;
    options: AnalysisOptions;
    summaries: Summaries;
    probing: boolean;
    returnsBorrowed: boolean;
    place?: Place | undefined;
  }) {
    this.root = parts.root;
    this.names = parts.names;
    this.resolver = parts.resolver;
    this.options = parts.options;
    this.summaries = parts.summaries;
    this.probing = parts.probing;
    this.returnsBorrowed = parts.returnsBorrowed;
    this.place = parts.place;
  }

  step(): void {
    this.steps += 1;
    if (this.steps > stepLimit + this.#size()) throw new BudgetExceeded();
  }

  /** A function of ten thousand lines may take more steps than one of ten, in proportion. */
  #size(): number {
    return (this.root.range[1] - this.root.range[0]) * 4;
  }

  limit(states: readonly unknown[]): void {
    if (states.length > stateLimit) throw new BudgetExceeded();
  }

  report(finding: Finding): void {
    if (this.probing) return;
    if (this.helpers > 0 && finding.kind !== 'double put' && finding.kind !== 'use after put') return;
    const key = keyOf(finding);
    const before = this.findings.get(key);
    // A reference may be lost in several places: the first one in the text is named.
    if (
      before?.kind === 'leak' &&
      finding.kind === 'leak' &&
      before.lostAt.range[0] <= finding.lostAt.range[0]
    )
      return;
    if (before !== undefined && finding.kind !== 'leak') return;
    if (finding.kind === 'use after put' && this.#isKnown(finding)) return;
    this.findings.set(key, finding);
  }

  /** One use is one mistake, also where an expression around it uses it again: an array that is passed on. */
  #isKnown({ before, node }: Finding & { kind: 'use after put' }): boolean {
    for (const other of this.findings.values()) {
      if (other.kind !== 'use after put' || other.before !== before) continue;
      if (other.node.range[0] <= node.range[1] && node.range[0] <= other.node.range[1]) return true;
    }
    return false;
  }

  /** Notes that what is evaluated now may throw. */
  mayThrow(state: State, node: Node, by: 'call' | 'await'): void {
    const { throwPaths } = this.options;
    const counts = this.catchDepth > 0 || throwPaths === 'all' || (throwPaths === 'await' && by === 'await');
    if (counts) this.thrown.push({ state: state.clone(), node, how: 'call' });
  }

  /** Whether a variable lives no longer than this run: its values can be followed. */
  isLocal(variable: Variable): boolean {
    const { block } = variable.scope.variableScope;
    // A method that is run where it is called stands beside the one that calls it.
    if (!isWithin(block, this.root) && !this.inlined.some((fn) => isWithin(block, fn))) return false;
    return !this.names.isWrittenElsewhere(variable);
  }
}
