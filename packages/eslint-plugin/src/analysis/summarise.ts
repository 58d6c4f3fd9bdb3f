import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { Consumption } from '../types/tags.js';
import type { Completion, Run } from './run.js';
import type { State } from './state.js';
import type { Summary } from './summaries.js';
import { type FunctionNode } from './syntax.js';
import type { Value } from './value.js';

interface End {
  readonly state: State;
  readonly value: Value | undefined;
}

/** Reads from the ends of an interpretation what a function does with each parameter, and whose its result is. */
export function summarise(run: Run, fn: FunctionNode, done: Completion): Summary {
  const ends: End[] = [
    ...done.normal.map((state) => ({ state, value: undefined })),
    ...done.returns.map(({ state, value }) => ({ state, value })),
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
          ? verdictOn(ends, `${prefix}0`, run.resolver.typeOf(name) !== undefined)
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
  };
}

function isReference(value: Value | undefined, id: string): boolean {
  return value?.kind === 'fence' && value.reference === id;
}

function verdictOn(
  ends: readonly End[],
  id: string,
  isFence: boolean,
): Consumption | 'maybe' | 'borrows' | undefined {
  if (!isFence || ends.length === 0) return undefined;
  const kept: End[] = [];
  const gone: End[] = [];
  for (const end of ends) {
    const status = end.state.references.get(id)?.status ?? 'put';
    if (status === 'shared') return 'maybe';
    if (status === 'owned' || isReference(end.value, id)) kept.push(end);
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

function resultOf(ends: readonly End[]): Summary['returns'] {
  const values = ends
    .map(({ value }) => value)
    .filter((value) => value !== undefined && value.kind !== 'nothing');
  if (values.length === 0) return 'unknown';
  const isOwned = (value: Value | undefined): boolean =>
    value?.kind === 'fence' && value.reference !== undefined;
  const isLent = (value: Value | undefined): boolean =>
    value?.kind === 'fence' && value.reference === undefined && value.origin !== 'unknown';
  if (values.every((value) => isOwned(value))) return 'owned';
  return values.every((value) => isLent(value)) ? 'borrowed' : 'unknown';
}
