import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { Ending, Resource } from '../finding.js';
import { contents, letGo } from '../values/holding.js';
import type { Run } from '../run.js';
import { endSection } from './sections.js';
import { isOfPlace, slotId, type Reference, type State } from './state.js';
import { type Node, pathOf, unwrapped } from '../text/syntax.js';
import type { FenceValue, Origin, Value } from './value.js';

const generations = 3;

/** A new reference at a place in the text; a place that is passed again while its last reference is alive gets a further one. */
export function acquire(
  run: Run,
  state: State,
  site: Node,
  {
    resource = 'fence',
    object,
    floating,
  }: { resource?: Resource; object?: string | undefined; floating?: boolean } = {},
): Reference {
  let generation = 0;
  const id = (): string => `${String(site.range[0])}:${String(site.range[1])}.${String(generation)}`;
  for (
    let used = state.references.get(id());
    used !== undefined && generation < generations;
    used = state.references.get(id())
  ) {
    if (used.status === 'held' || used.status === 'owned' || used.status === 'scoped') generation += 1;
    else if (isNamed(state, used)) generation += 1;
    else break;
  }
  const reference: Reference = {
    id: id(),
    object: object ?? id(),
    resource,
    site,
    name: nameFor(run, site),
    status: 'owned',
    at: site,
    floating,
  };
  if (object === undefined) state.objects.delete(reference.object);
  state.references.set(reference.id, reference);
  run.fresh.add(reference.id);
  return reference;
}

function isNamed(state: State, reference: Reference): boolean {
  for (const value of state.variables.values())
    if (value.kind === 'fence' && value.reference === reference.id) return true;
  return false;
}

/** How messages call a reference: by the name it is given, else by its source text. */
function nameFor(run: Run, site: Node): string {
  const parent = site.parent?.type === T.AwaitExpression ? site.parent.parent : site.parent;
  const target =
    parent?.type === T.VariableDeclarator
      ? parent.id
      : parent?.type === T.AssignmentExpression
        ? parent.left
        : undefined;
  const text = run.names.sourceCode
    .getText(target?.type === T.Identifier || target?.type === T.MemberExpression ? target : site)
    .replace(/\s+/g, ' ');
  const short = target?.type === T.Identifier ? target.name : text;
  return short.length > 40 ? `${short.slice(0, 39)}…` : short;
}

/** The value that carries a reference. */
export function fenceOf(reference: Reference): FenceValue {
  return {
    kind: 'fence',
    object: reference.object,
    reference: reference.id,
    origin: 'unknown',
    path: undefined,
    node: reference.site,
    checked: true,
  };
}

/** The value as a fence, if it is one; a name whose type was not asked yet is asked now. */
export function asFence(run: Run, value: Value, node: Node): FenceValue | undefined {
  if (value.kind === 'fence' && value.checked) return value;
  if (value.kind !== 'fence' && value.kind !== 'unknown') return undefined;
  const type = run.resolver.typeOf(unwrapped(node));
  if (type === undefined || type.many || type.promise) return undefined;
  if (type.entity !== 'DmaFence' && type.entity !== 'DriverFence') return undefined;
  if (value.kind === 'fence') {
    const member = unwrapped(node);
    const isLentProperty = member.type === T.MemberExpression && run.resolver.isBorrowedProperty(member);
    const lent = (type.brand === 'borrowed' || isLentProperty) && value.reference === undefined;
    return { ...value, checked: true, origin: lent ? 'library' : value.origin };
  }
  const origin: Origin = type.brand === 'borrowed' ? 'library' : 'unknown';
  return {
    kind: 'fence',
    object: `x${String(node.range[0])}`,
    reference: undefined,
    origin,
    path: pathOf(node),
    node,
    checked: true,
  };
}

/** A reference on this fence that is still to be put: the value's own, else one that no variable carries, else any. */
export function spendable(state: State, value: FenceValue): Reference | undefined {
  const own = value.reference === undefined ? undefined : state.references.get(value.reference);
  // What stands in a list is put by its own name all the same.
  if (own?.status === 'owned' || own?.status === 'held') return own;
  // Perhaps it is this one that is meant: the others are left alone.
  if (own?.status === 'shared') return undefined;
  // What a parameter came with is spent by its own name.
  const others = state
    .referencesOn(value.object)
    .filter(({ status, parameter }) => status === 'owned' && (own === undefined || parameter === undefined));
  return others.findLast(({ floating }) => floating === true) ?? others.at(-1);
}

function ending(reference: Reference): Ending {
  if (reference.status === 'scoped') return 'using';
  return reference.status === 'put' ? 'put' : 'moved';
}

/** Marks a reference as put, here. */
export function release(run: Run, state: State, reference: Reference, at: Node): void {
  run.consumed.add(reference.site);
  if (isOfPlace(reference)) run.putsFromPlace ??= at;
  if (state.waiting?.reference === reference.id) {
    const { node } = state.waiting;
    run.report({
      kind: 'use after put',
      node,
      name: reference.name,
      before: at,
      use: 'wait',
      ending: reference.status === 'scoped' ? 'using' : 'put',
    });
  }
  state.update(reference.id, { status: 'put', at });
  for (const { object, node } of state.later) {
    if (object !== reference.object || isHad(state, object)) continue;
    run.report({ kind: 'use after put', node, name: reference.name, before: at, use: 'use', ending: 'put' });
  }
}

/** Whether anybody still has a reference on a fence, as far as it can be told. */
function isHad(state: State, object: string): boolean {
  return state.referencesOn(object).some(({ status }) => status !== 'put');
}

/** `put()` on a fence. */
export function put(run: Run, state: State, value: FenceValue, node: Node): void {
  const reference = storedAt(state, value) ?? spendable(state, value);
  if (reference !== undefined) {
    release(run, state, reference, node);
    return;
  }
  const others = state.referencesOn(value.object);
  const own = value.reference === undefined ? undefined : state.references.get(value.reference);
  // Taken back from somebody unknown, or out of a container made here.
  const back =
    (own?.status === 'shared' ? own : undefined) ??
    others.find(({ status }) => status === 'shared' || status === 'held');
  if (back !== undefined) {
    release(run, state, back, node);
    return;
  }
  const last = own ?? others.findLast(({ floating }) => floating === true);
  if (last !== undefined) {
    run.report({ kind: 'double put', node, name: last.name, before: last.at, ending: ending(last) });
    return;
  }
  const facts = state.objects.get(value.object);
  if (facts?.put !== undefined) {
    if (value.origin !== 'unknown' || isParameter(value))
      run.report({ kind: 'double put', node, name: value.path ?? 'fence', before: facts.put, ending: 'put' });
    return;
  }
  state.note(value.object, { put: node });
  putBorrowed(run, value, node, false);
}

/** What a function was called with is one fence, whoever lends it or hands it over. */
function isParameter({ object }: FenceValue): boolean {
  return object.startsWith('p:');
}

/** The reference that this function stored where a value was read: `this.slot = fence.get(); …; this.slot.put()`. */
function storedAt(state: State, { object, reference, path }: FenceValue): Reference | undefined {
  if (reference !== undefined || path === undefined) return undefined;
  return state.referencesOn(object).find(({ status, holder }) => status === 'moved' && holder === path);
}

/** A reference is put that nobody here took: reported unless its origin is not known. */
export function putBorrowed(run: Run, value: FenceValue, node: Node, using: boolean): void {
  run.putSources.add(value.node);
  if (value.origin === 'unknown' || value.origin === 'outer') return;
  if (value.origin !== 'parameter' && run.resolver.typeOf(value.node)?.brand === 'owned') return;
  run.report({
    kind: 'put borrowed',
    node,
    name: value.path ?? run.names.sourceCode.getText(value.node),
    source: value.node,
    origin: value.origin,
    using,
  });
}

/** A use that needs the fence to be alive: a call on it, its `data`, an argument. */
export function use(
  run: Run,
  state: State,
  value: FenceValue,
  node: Node,
  how: 'use' | 'return' | 'store' = 'use',
): void {
  if (!value.checked && asFence(run, value, value.node) === undefined) return;
  const own = value.reference === undefined ? undefined : state.references.get(value.reference);
  const all = state.referencesOn(value.object);
  const facts = state.objects.get(value.object);
  if (own?.status === 'put' && !all.some(({ status }) => status === 'owned' || status === 'scoped')) {
    run.report({ kind: 'use after put', node, name: own.name, before: own.at, use: how, ending: 'put' });
    return;
  }
  if (
    own === undefined &&
    facts?.put !== undefined &&
    (value.origin === 'unknown' ? isParameter(value) : value.origin !== 'parameter')
  ) {
    run.report({
      kind: 'use after put',
      node,
      name: value.path ?? 'fence',
      before: facts.put,
      use: how,
      ending: 'put',
    });
    return;
  }
  if (all.length > 0 || (value.origin !== 'property' && value.origin !== 'element')) return;
  const name = value.path ?? run.names.sourceCode.getText(value.node);
  if (
    facts?.awaited !== undefined &&
    facts.source === value.node &&
    // Who produces a fence keeps it until it has signaled.
    run.resolver.typeOf(value.node)?.entity !== 'DriverFence'
  ) {
    run.report({ kind: 'borrow across await', node, name, source: value.node, awaited: facts.awaited });
  }
  if (facts?.signaled !== undefined && facts.source === value.node) {
    run.report({ kind: 'use after signal', node, name, source: value.node, signal: facts.signaled });
  }
}

/** Ownership leaves with a value: it is returned, yielded, stored, or given to a function that takes it over. */
export function transfer(
  run: Run,
  state: State,
  value: Value,
  node: Node,
  to: { how: 'return' | 'store' | 'argument' | 'closure'; holder?: string | undefined },
): void {
  switch (value.kind) {
    case 'fence':
      transferFence(run, state, value, node, to);
      return;
    case 'container':
      if (to.how === 'store') oweContents(run, state, value.id, node, to.how);
      // The functions in it first: what lies beside them is theirs to put.
      if (value.id.startsWith(slotId)) run.lendsFromPlace = true;
      letGo(run, state, value.id, node, to.how === 'return' || to.how === 'store');
      for (const reference of contents(state, value.id)) {
        run.consumed.add(reference.site);
        if (reference.resource === 'fence')
          state.note(reference.object, { published: true, producerElsewhere: true });
        state.update(reference.id, { status: 'moved', at: node, holder: to.holder });
      }
      return;
    case 'guard': {
      const reference = state.references.get(value.reference);
      if (reference?.status !== 'owned') return;
      state.update(reference.id, { status: 'shared', at: node });
      if (reference.resource === 'section') endSection(state, reference.id);
      return;
    }
    default:
  }
}

function transferFence(
  run: Run,
  state: State,
  value: FenceValue,
  node: Node,
  to: Parameters<typeof transfer>[4],
): void {
  // A name that is no fence at all (`fence.name`, `job.id`) has nobody to own it.
  if (!value.checked && asFence(run, value, value.node) === undefined) return;
  const reference = spendable(state, value);
  const own = value.reference === undefined ? undefined : state.references.get(value.reference);
  if (reference !== undefined) {
    run.consumed.add(reference.site);
    if (isOfPlace(reference)) run.lendsFromPlace = true;
    state.update(reference.id, { status: 'moved', at: node, holder: to.holder });
    return;
  }
  if (own === undefined) {
    use(run, state, value, node, to.how === 'return' ? 'return' : 'store');
    if (to.how !== 'return' && value.origin !== 'unknown' && value.origin !== 'outer')
      owe(state, value, node, to.how);
    return;
  }
  if (own.status === 'scoped' || own.status === 'put') {
    run.report({
      kind: 'use after put',
      node,
      name: own.name,
      before: own.at,
      use: to.how === 'return' ? 'return' : 'store',
      ending: ending(own),
    });
  } else if (own.status === 'moved' && own.at !== node) {
    run.report({ kind: 'double transfer', node, name: own.name, before: own.at });
  } else if (own.status === 'held') {
    state.update(own.id, { status: 'moved', at: node, holder: to.holder });
  }
}

/** A container made here is stored: what it was given without a reference is stored without one. */
export function oweContents(
  run: Run,
  state: State,
  id: string,
  node: Node,
  how: 'store' | 'closure',
  seen: ReadonlySet<string> = new Set(),
): void {
  const paid = new Set(contents(state, id).map(({ object }) => object));
  for (const [key, value] of state.properties) {
    if (!key.startsWith(`${id}.`)) continue;
    if (value.kind === 'container' && value.id !== id && !seen.has(value.id))
      oweContents(run, state, value.id, node, how, new Set([...seen, id]));
    if (value.kind !== 'fence' || value.reference !== undefined || paid.has(value.object)) continue;
    transferFence(run, state, value, node, { how });
  }
}

/** Stored without a reference: owed until a `get()` pays for it. */
function owe(state: State, value: FenceValue, node: Node, how: 'store' | 'argument' | 'closure'): void {
  const debts = state.objects.get(value.object)?.debts ?? [];
  if (debts.some((debt) => debt.node === node)) return;
  state.note(value.object, { debts: [...debts, { node, source: value.node, origin: value.origin, how }] });
}
