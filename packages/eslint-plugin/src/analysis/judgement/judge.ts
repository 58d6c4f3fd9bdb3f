import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import {
  isEmptied,
  isInferredConsumer,
  isNamedElsewhere,
  isReleasing,
  isRemoved,
  ownsByEvidence,
} from './evidence.js';
import type { Finding, Loss } from '../finding.js';
import type { Completion, Run } from '../run.js';
import { isOfPlace, type Reference, type State } from '../state/state.js';
import { ancestors, isFunction, pathOf, rootOf, unwrapped, type Node } from '../text/syntax.js';
import type { Value } from '../state/value.js';

interface End {
  /** What is returned there. */
  readonly value?: Value | undefined;
  readonly state: State;
  readonly node: Node;
  readonly how: Loss;
}

/** Says what the paths of a function, all known now, amount to. */
export function judge(run: Run, done: Completion): void {
  const { root } = run;
  const ends: End[] = [
    ...done.normal.map((state) => ({ state, node: root, how: 'end' as const })),
    ...done.returns.map(({ state, node, how, value }) => ({ state, node, how, value })),
    ...done.throws.map(({ state, node, how }) => ({ state, node, how })),
  ];
  for (const end of ends) {
    judgeFloating(run, end);
    judgeDebts(run, end);
    judgeSignals(run, end);
  }
  if (root.type !== T.Program) judgeConstructor(run, done);
  for (const loss of run.losses) judgeLoss(run, loss);
  for (const [key, finding] of [...run.findings]) if (isExcused(run, finding)) run.findings.delete(key);
}

/** What a bare `fence.get();` took and no path of this exit gave back. */
function judgeFloating(run: Run, { state, node, how }: End): void {
  for (const reference of state.references.values()) {
    if (reference.floating === true && reference.status === 'owned' && run.root.type !== T.Program)
      (isOfPlace(reference) ? run.placeLosses : run.losses).push({ reference, at: node, how });
  }
}

function judgeDebts(run: Run, { state }: End): void {
  for (const facts of state.objects.values()) {
    for (const { node, source, origin, how, tolerated } of facts.debts ?? []) {
      if (tolerated) continue;
      run.report({
        kind: 'store borrowed',
        node,
        name: run.names.sourceCode.getText(source),
        source,
        origin,
        how,
      });
    }
  }
}

/** A published fence whose producer's side ends here, unsignaled, while another path of the function signals it. */
function judgeSignals(run: Run, { state, how, node, value }: End): void {
  for (const [object, facts] of state.objects) {
    const signalsAt = run.signals.get(object);
    if (
      facts.created === undefined ||
      facts.signaled !== undefined ||
      facts.published !== true ||
      facts.producerElsewhere === true
    )
      continue;
    if (signalsAt === undefined) continue;
    // Here it only fails when it cannot start; who gets it knows how it goes on.
    const isReturned = value?.kind === 'fence' && value.object === object;
    if (isReturned && !run.succeeded.has(object)) continue;
    run.report({
      kind: 'never signaled',
      node: facts.created,
      name: nameOf(facts.created, run),
      site: node,
      signalsAt,
      how,
    });
  }
}

function nameOf(node: Node, run: Run): string {
  const { parent } = node;
  return parent?.type === T.VariableDeclarator && parent.id.type === T.Identifier
    ? parent.id.name
    : run.names.sourceCode.getText(node);
}

function judgeConstructor(run: Run, done: Completion): void {
  const member = run.root.parent;
  if (member?.type !== T.MethodDefinition || member.kind !== 'constructor') return;
  for (const { state, how } of done.throws) {
    if (how !== 'throw') continue;
    for (const reference of state.references.values()) {
      if (
        reference.status !== 'moved' ||
        reference.holder?.startsWith('this.') !== true ||
        reference.resource !== 'fence'
      )
        continue;
      run.report({
        kind: 'constructor throws',
        node: reference.site,
        field: reference.holder.slice('this.'.length),
        site: reference.at,
      });
    }
  }
}

function judgeLoss(run: Run, { reference, at, how }: { reference: Reference; at: Node; how: Loss }): void {
  const { resource, site, name } = reference;
  if (reference.holder !== undefined && run.unfollowed.has(reference.holder)) return;
  if (reference.floating === true && !run.consumed.has(site)) {
    run.report({ kind: 'floating', node: site, resource, argument: false, statementGet: true });
    return;
  }
  run.report({
    kind: 'leak',
    node: site,
    resource,
    name,
    lostAt: at,
    how,
    isParameter: reference.parameter !== undefined,
  });
}

function isExcused(run: Run, finding: Finding): boolean {
  switch (finding.kind) {
    case 'put borrowed':
      return isPutExcused(run, finding);
    case 'store borrowed':
      return isStoreExcused(run, finding);
    case 'borrow across await':
    case 'use after signal':
      return run.putSources.has(finding.source);
    case 'floating':
      return isNamedElsewhere(run, finding.node);
    default:
      return false;
  }
}

function isPutExcused(
  run: Run,
  { source, origin, node, using }: Finding & { kind: 'put borrowed' },
): boolean {
  if (origin === 'library') return false;
  if (origin === 'parameter')
    return isInferredConsumer(run, node) || isRemoved(run, source) || isPartOfReleased(run, source, node);
  if (isEmptied(run, source)) return true;
  if (using) return false;
  if (isReleasing(run, node)) return true;
  if (origin === 'element') {
    // A loop that puts every element says that the collection is its own to empty.
    return (source.type !== T.MemberExpression && source.type !== T.CallExpression) || isCounted(source)
      ? true
      : rootOf(source).type === T.ThisExpression;
  }
  return !run.resolver.isBorrowedProperty(source as never) && ownsByEvidence(run, source);
}

/** `function release({ fence }: Job)`: what the whole holds goes with it. */
function isPartOfReleased(run: Run, source: Node, node: Node): boolean {
  return source.parent?.type === T.Property && (isReleasing(run, node) || ownsByEvidence(run, source));
}

/** `list[i]` in a loop: every element in its turn. */
function isCounted(source: Node): boolean {
  if (source.type !== T.MemberExpression || !source.computed || source.property.type === T.Literal)
    return false;
  for (const outer of ancestors(source)) {
    if (isFunction(outer)) return false;
    if (
      outer.type === T.ForStatement ||
      outer.type === T.WhileStatement ||
      outer.type === T.DoWhileStatement ||
      outer.type === T.ForInStatement
    )
      return true;
  }
  return false;
}

function isStoreExcused(run: Run, { source, origin, node }: Finding & { kind: 'store borrowed' }): boolean {
  if (origin === 'parameter' || isInParameter(run, source)) {
    if (isInferredConsumer(run, node)) return true;
    if (origin === 'parameter') return false;
  }
  return origin !== 'library' && (isEmptied(run, source) || isMovedUp(node, source));
}

/** `job.gate`, where `job` is a parameter. */
function isInParameter(run: Run, source: Node): boolean {
  const root = rootOf(unwrapped(source));
  return root.type === T.Identifier && run.names.isParameter(root);
}

/** `list[j++] = list[i]`: an element changes its place in a collection that keeps it. */
function isMovedUp(node: Node, source: Node): boolean {
  const target = node.type === T.AssignmentExpression ? unwrapped(node.left) : undefined;
  const from = unwrapped(source);
  if (target?.type !== T.MemberExpression || !target.computed) return false;
  if (from.type !== T.MemberExpression || !from.computed) return false;
  const list = pathOf(target.object);
  return list !== undefined && list === pathOf(from.object);
}
