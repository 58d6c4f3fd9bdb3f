import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { isFenceEntity } from '../../types/vocabulary.js';
import type { OwnershipTags } from '../../types/tags.js';
import { bind } from './assignments.js';
import { hold } from './holding.js';
import { acquire, fenceOf, transfer } from '../state/ownership.js';
import type { Run } from '../run.js';
import type { State } from '../state/state.js';
import { pathOf, type FunctionNode, type Node } from '../text/syntax.js';
import { unknown, type Origin, type Value } from '../state/value.js';

/** Gives a function's parameters their first values: lent by the caller, unless tags or types say that they are handed over. */
export function bindParameters(
  run: Run,
  state: State,
  fn: FunctionNode,
  tags: OwnershipTags | undefined,
): void {
  const origin = originOf(run, fn);
  for (const parameter of fn.params) {
    const target = parameter.type === T.TSParameterProperty ? parameter.parameter : parameter;
    if (target.type === T.RestElement) {
      if (target.argument.type === T.Identifier)
        bind(
          run,
          state,
          target.argument,
          { kind: 'many', origin, path: target.argument.name, node: target },
          target.argument,
          target,
        );
      continue;
    }
    const name = target.type === T.AssignmentPattern ? target.left : target;
    const value = valueOf(run, state, { fn, name, origin, tags });
    bind(run, state, name, value, name, target);
    if (parameter.type !== T.TSParameterProperty || value.kind !== 'fence') continue;
    if (value.reference !== undefined && !run.probing)
      transfer(run, state, value, name, { how: 'store', holder: `this.${pathOf(name) ?? ''}` });
    else
      state.note(value.object, {
        debts: [{ node: name, source: name, origin, how: 'store', tolerated: true }],
      });
  }
}

function valueOf(
  run: Run,
  state: State,
  {
    fn,
    name,
    origin,
    tags,
  }: { fn: FunctionNode; name: Node; origin: Origin; tags: OwnershipTags | undefined },
): Value {
  if (name.type !== T.Identifier)
    return {
      kind: 'fence',
      object: `p${String(name.range[0])}`,
      reference: undefined,
      origin,
      path: undefined,
      node: name,
      checked: false,
    };
  const type = run.resolver.typeOf(name);
  if (type?.promise === true) return unknown;
  if (type?.many === true && run.probing && isFenceEntity(type.entity)) return probe(run, state, name);
  if (type?.many === true)
    return {
      kind: 'many',
      origin: type.brand === 'borrowed' ? 'library' : origin,
      path: name.name,
      node: name,
    };
  if (type !== undefined && !isFenceEntity(type.entity)) return unknown;
  if (run.probing && type !== undefined) {
    const reference = acquire(run, state, name);
    // Neither lost nor reported: a summary only looks at what becomes of it.
    state.update(reference.id, { parameter: 'when true', name: name.name });
    return fenceOf(reference);
  }
  const consumed =
    type === undefined
      ? undefined
      : (tags?.consumes.get(name.name) ??
        (isSaidOwned(name, type) || (type.resource !== undefined && isGiven(run, fn, name))
          ? 'always'
          : undefined));
  if (consumed !== undefined && tags?.borrows.has(name.name) !== true) {
    const reference = acquire(run, state, name);
    state.update(reference.id, { parameter: consumed, name: name.name });
    return fenceOf(reference);
  }
  return {
    kind: 'fence',
    object: `p:${name.name}@${String(name.range[0])}`,
    reference: undefined,
    origin,
    path: name.name,
    node: name,
    checked: type !== undefined,
  };
}

/** A list that a summary's run looks at holds one reference, which stands for all of them. */
function probe(run: Run, state: State, name: TSESTree.Identifier): Value {
  const id = `c${String(name.range[0])}`;
  const reference = acquire(run, state, name);
  state.update(reference.id, { parameter: 'when true', name: name.name });
  hold(run, state, id, fenceOf(reference), name);
  return { kind: 'container', id };
}

/** A parameter that is written as `Owned`; one whose type comes from around it (`owned.filter((fence) => …)`) only looks. */
function isSaidOwned(name: TSESTree.Identifier, { brand }: { brand?: string | undefined }): boolean {
  return brand === 'owned' && Boolean(name.typeAnnotation);
}

/** A callback that is handed what it is called with, by the settings; also one that has a name. */
function isGiven(run: Run, fn: FunctionNode, name: Node): boolean {
  const index = fn.params.findIndex((one) => one === name);
  if (run.resolver.isGiven(fn, index)) return true;
  const id =
    fn.type === T.FunctionDeclaration ? fn.id : fn.parent.type === T.VariableDeclarator ? fn.parent.id : null;
  const variable = id === null ? undefined : run.names.variable(id);
  return variable?.references.some(({ identifier }) => run.resolver.isGiven(identifier, index)) === true;
}

/** Who lends a function its arguments. An inline function that is handed to somebody unknown may be handed fences to keep. */
function originOf(run: Run, fn: FunctionNode): Origin {
  const { parent } = fn;
  if (fn.type === T.FunctionDeclaration) return 'parameter';
  const isInline =
    isArgument(parent, fn) ||
    parent.type === T.Property ||
    parent.type === T.ArrayExpression ||
    parent.type === T.AssignmentExpression;
  const isMember =
    parent.type === T.MethodDefinition ||
    parent.type === T.PropertyDefinition ||
    parent.type === T.VariableDeclarator;
  if (isMember) return 'parameter';
  if (run.resolver.isCoreCallback(fn)) return 'library';
  const isAnnotated = fn.params.some((one) => one.type === T.Identifier && Boolean(one.typeAnnotation));
  return isInline && !(parent.type === T.Property && isAnnotated) ? 'unknown' : 'parameter';
}

function isArgument(parent: Node, fn: Node): boolean {
  return (
    (parent.type === T.CallExpression || parent.type === T.NewExpression) &&
    (parent.arguments as TSESTree.Node[]).includes(fn)
  );
}
