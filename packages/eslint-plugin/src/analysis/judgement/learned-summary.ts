import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { Consumption } from '../../types/tags.js';
import { isFenceEntity } from '../../types/vocabulary.js';
import { ownField } from '../text/classes.js';
import type { Completion, Run } from '../run.js';
import type { State } from '../state/state.js';
import type { Summary } from './summaries.js';
import {
  descendants,
  enclosingClass,
  type FunctionNode,
  isPutName,
  isWithin,
  memberName,
  type Node,
} from '../text/syntax.js';
import type { Value } from '../state/value.js';

type Verdict = Consumption | 'maybe' | 'borrows' | undefined;

interface End {
  readonly state: State;
  readonly value: Value | undefined;
  /** The statement that returns it. */
  readonly node?: Node;
}

/** Reads from the ends of an interpretation what a function does with each parameter, and whose its result is. */
export function summarise(run: Run, fn: FunctionNode, done: Completion): Summary {
  const ends: End[] = [
    ...done.normal.map((state) => ({ state, value: undefined })),
    ...done.returns.map(({ state, value, node }) => ({ state, value, node })),
  ];
  const verdicts = fn.params.map((parameter, index) => {
    const target = parameter.type === T.TSParameterProperty ? parameter.parameter : parameter;
    const name = target.type === T.AssignmentPattern ? target.left : target;
    const prefix = `${String(name.range[0])}:${String(name.range[1])}.`;
    return {
      index,
      id: `${prefix}0`,
      // A fence that is taken apart in the parameter list has no name that could be put.
      verdict:
        name.type === T.Identifier
          ? fieldVerdict(parameter, ends, {
              run,
              id: `${prefix}0`,
              verdict: isFenceOrList(run, name) ? verdictOn(run, ends, `${prefix}0`) : undefined,
            })
          : undefined,
    };
  });
  const returned = verdicts.find(
    ({ id }) => ends.length > 0 && ends.every(({ value }) => isReference(value, id)),
  );
  return {
    parameter: (index) => verdicts[Math.min(index, verdicts.length - 1)]?.verdict,
    returns: returned === undefined ? resultOf(ends) : 'parameter',
    returned: returned?.index ?? 0,
    owns: recordOf(ends),
    mayBeMissing: ends.some(({ value }) => value?.kind === 'nothing'),
    isAsync: fn.async,
  };
}

function isReference(value: Value | undefined, id: string): boolean {
  return value?.kind === 'fence' && value.reference === id;
}

/**
 * `constructor(readonly fence: DmaFence) {}` stores its parameter without a word: unless the constructor takes a
 * reference of its own, the object may well own what it was given.
 */
function fieldVerdict(
  parameter: Node,
  ends: readonly End[],
  { run, id, verdict }: { run: Run; id: string; verdict: Verdict },
): Verdict {
  // What a constructor stores in a class that puts nothing is perhaps only lent to it.
  if (verdict === 'always' && isConstructor(parameter) && !putsAnything(run, parameter)) return 'maybe';
  if (parameter.type !== T.TSParameterProperty || verdict !== 'borrows') return verdict;
  const isPaid = ends.every(({ state }) => {
    const object = state.references.get(id)?.object;
    return object !== undefined && state.objects.get(object)?.debts === undefined;
  });
  if (isPaid) return verdict;
  const name = parameter.parameter.type === T.Identifier ? parameter.parameter.name : undefined;
  const isOpen = parameter.accessibility !== 'private' && parameter.accessibility !== 'protected';
  return isOpen || (name !== undefined && isPutByClass(run, parameter, name)) ? 'maybe' : verdict;
}

function isConstructor({ parent }: Node): boolean {
  return parent?.parent?.type === T.MethodDefinition && parent.parent.kind === 'constructor';
}

function putsAnything(run: Run, parameter: Node): boolean {
  const owner = enclosingClass(parameter);
  if (owner === undefined) return true;
  for (const node of descendants(owner, run.names.sourceCode.visitorKeys, { intoFunctions: true })) {
    const name = node.type === T.MemberExpression ? memberName(node) : undefined;
    if (isPutName(name)) return true;
  }
  return false;
}

/** Whether a class puts one of its fields, or hands it to somebody who may. */
function isPutByClass(run: Run, parameter: Node, field: string): boolean {
  const owner = enclosingClass(parameter);
  if (owner === undefined) return true;
  for (const node of descendants(owner, run.names.sourceCode.visitorKeys, { intoFunctions: true })) {
    if (ownField(node) !== field || node.type !== T.MemberExpression) continue;
    const outer = node.parent;
    const isAsked = outer.type === T.MemberExpression && outer.object === node;
    const name = isAsked ? memberName(outer) : undefined;
    if (name === undefined || isPutName(name)) return true;
  }
  return false;
}

/** A promise of a fence, a lock or a context is given to nobody by being looked at: of those nothing is said. */
function isFenceOrList(run: Run, name: Node): boolean {
  const type = run.resolver.typeOf(name);
  return type !== undefined && !type.promise && isFenceEntity(type.entity);
}

function verdictOn(run: Run, ends: readonly End[], id: string): Verdict {
  if (ends.length === 0) return undefined;
  const kept: End[] = [];
  const gone: End[] = [];
  for (const end of ends) {
    const { status = 'put', holder } = end.state.references.get(id) ?? {};
    if (status === 'shared' || (holder !== undefined && run.unfollowed.has(holder))) return 'maybe';
    if (status === 'owned' || isReference(end.value, id)) kept.push(end);
    // Gathered in a collection that ends with the function: it was only looked at.
    else if (status === 'held' && holder !== undefined && !end.state.escaped.has(holder)) kept.push(end);
    else gone.push(end);
  }
  if (gone.length === 0) return 'borrows';
  if (kept.length === 0) return 'always';
  const says = (list: readonly End[], value: boolean): boolean =>
    list.every((end) => end.value?.kind === 'constant' && end.value.value === value);
  if (says(gone, true) && says(kept, false)) return 'when true';
  if (says(gone, false) && says(kept, true)) return 'when false';
  return 'maybe';
}

/** Under which names every record that is returned has references that were taken for it. */
function recordOf(ends: readonly End[]): readonly string[] {
  let owns: readonly string[] | undefined;
  for (const { state, value, node } of ends) {
    if (value?.kind === 'nothing') continue;
    if (value?.kind !== 'container' || node === undefined) return [];
    const prefix = `${value.id}.`;
    const names: string[] = [];
    for (const [key, held] of state.properties) {
      const name = key.slice(prefix.length);
      const isOwn = held.kind === 'fence' && held.reference !== undefined && /^\d/.test(held.reference);
      if (!key.startsWith(prefix) || name.startsWith('*') || !isOwn) continue;
      const reference = state.references.get(held.reference);
      // A parameter that is passed through is its caller's; what was stored before is whose it was stored with.
      if (
        reference?.status === 'moved' &&
        isWithin(reference.at, node) &&
        reference.parameter === undefined &&
        reference.site.type !== T.Identifier
      )
        names.push(name);
    }
    if (owns !== undefined && owns.join() !== names.sort().join()) return [];
    owns = names.sort();
  }
  return owns ?? [];
}

/** Whether a fence is returned with a reference that nobody else was given before. */
function isGivenOut({ state, value, node }: End): boolean {
  if (value?.kind !== 'fence' || value.reference === undefined) return false;
  const reference = state.references.get(value.reference);
  return (
    reference === undefined ||
    node === undefined ||
    reference.status !== 'moved' ||
    isWithin(reference.at, node)
  );
}

function resultOf(all: readonly End[]): Summary['returns'] {
  const ends = all.filter(({ value }) => value !== undefined && value.kind !== 'nothing');
  const values = ends.map(({ value }) => value);
  if (values.length === 0) return 'unknown';
  const isLent = (value: Value | undefined): boolean =>
    value?.kind === 'fence' && value.reference === undefined && value.origin !== 'unknown';
  if (ends.every((end) => isGivenOut(end))) return 'owned';
  return values.every((value) => isLent(value)) ? 'borrowed' : 'unknown';
}
