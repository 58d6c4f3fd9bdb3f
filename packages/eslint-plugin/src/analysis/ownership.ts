import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { Ending, Resource } from './finding.js';
import type { Run } from './run.js';
import { endSection } from './sections.js';
import type { Reference, State } from './state.js';
import { pathOf, rootOf, unwrapped, type Node } from './syntax.js';
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
  const parent = site.parent;
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
function spendable(state: State, value: FenceValue): Reference | undefined {
  const own = value.reference === undefined ? undefined : state.references.get(value.reference);
  if (own?.status === 'owned') return own;
  const others = state.referencesOn(value.object).filter(({ status }) => status === 'owned');
  return others.findLast(({ floating }) => floating === true) ?? others.at(-1);
}

function ending(reference: Reference): Ending {
  if (reference.status === 'scoped') return 'using';
  return reference.status === 'put' ? 'put' : 'moved';
}

/** Marks a reference as put, here. */
export function release(run: Run, state: State, reference: Reference, at: Node): void {
  run.consumed.add(reference.site);
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
}

/** `put()` on a fence. */
export function put(run: Run, state: State, value: FenceValue, node: Node): void {
  const reference = spendable(state, value);
  if (reference !== undefined) {
    release(run, state, reference, node);
    return;
  }
  const others = state.referencesOn(value.object);
  const own = value.reference === undefined ? undefined : state.references.get(value.reference);
  // Taken back from where it was stored: `this.slot = fence; …; this.slot.put()`, or out of a container made here.
  const back =
    others.find(
      ({ status, holder }) => status === 'moved' && holder !== undefined && holder === value.path,
    ) ?? others.find(({ status }) => status === 'shared' || status === 'held');
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
    if (value.origin !== 'unknown')
      run.report({ kind: 'double put', node, name: value.path ?? 'fence', before: facts.put, ending: 'put' });
    return;
  }
  state.note(value.object, { put: node });
  putBorrowed(run, value, node, false);
}

export function putBorrowed(run: Run, value: FenceValue, node: Node, using: boolean): void {
  if (value.origin === 'unknown' || value.origin === 'outer') return;
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
    value.origin !== 'unknown' &&
    value.origin !== 'parameter'
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
  if (facts?.awaited !== undefined && facts.source === value.node) {
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
      for (const reference of contents(state, value.id)) {
        run.consumed.add(reference.site);
        if (reference.resource === 'fence')
          state.note(reference.object, { published: true, producerElsewhere: true });
        state.update(reference.id, { status: 'moved', at: node, holder: to.holder });
      }
      state.escaped.add(value.id);
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
    state.update(reference.id, { status: 'moved', at: node, holder: to.holder });
    return;
  }
  if (own === undefined) {
    use(run, state, value, node, to.how === 'return' ? 'return' : 'store');
    if (to.how !== 'return' && value.origin !== 'unknown') owe(state, value, node, to.how);
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

/** Stored without a reference: owed until a `get()` pays for it. */
function owe(state: State, value: FenceValue, node: Node, how: 'store' | 'argument' | 'closure'): void {
  const debts = state.objects.get(value.object)?.debts ?? [];
  if (debts.some((debt) => debt.node === node)) return;
  state.note(value.object, { debts: [...debts, { node, source: value.node, origin: value.origin, how }] });
}

/** The references that a container made here holds, and those of containers in it. */
export function contents(state: State, id: string): Reference[] {
  const found = [...state.references.values()].filter(
    ({ status, holder }) => status === 'held' && holder === id,
  );
  for (const [key, value] of state.properties) {
    if (value.kind === 'container' && value.id !== id && key.startsWith(`${id}.`))
      found.push(...contents(state, value.id));
  }
  return found;
}

/** Puts a value into a container made here; the container answers for it from now on. */
export function hold(
  run: Run,
  state: State,
  container: string,
  value: Value,
  node: Node,
  property?: string,
): void {
  if (state.escaped.has(container)) {
    if (value.kind !== 'closure') transfer(run, state, value, node, { how: 'store' });
    return;
  }
  if (value.kind === 'fence') {
    const reference = spendable(state, value);
    if (reference !== undefined) {
      // Several references from one place in the text count as one inside a container.
      for (const other of contents(state, container))
        if (other.site === reference.site) state.references.delete(other.id);
      state.update(reference.id, { status: 'held', at: node, holder: container });
    } else if (value.reference !== undefined) {
      const own = state.references.get(value.reference);
      if (own?.status === 'put') use(run, state, value, node, 'store');
    }
  }
  if (value.kind === 'closure' || value.kind === 'guard') transfer(run, state, value, node, { how: 'store' });
  if (property !== undefined || value.kind === 'container') {
    state.properties.set(`${container}.${property ?? `*${String(node.range[0])}`}`, value);
  }
}

/** Nothing is said any more of what a value leads to: somebody unknown may own it now. */
export function share(run: Run, state: State, value: Value, node: Node): void {
  const references: Reference[] = [];
  if (value.kind === 'fence')
    references.push(
      ...state
        .referencesOn(value.object)
        .filter(({ id, status }) => id === value.reference && status === 'owned'),
    );
  else if (value.kind === 'container') {
    references.push(...contents(state, value.id));
    state.escaped.add(value.id);
  } else if (value.kind === 'guard') transfer(run, state, value, node, { how: 'argument' });
  for (const reference of references) {
    run.consumed.add(reference.site);
    state.note(reference.object, { published: true, producerElsewhere: true });
    state.update(reference.id, { status: 'shared', at: node });
  }
}

/** A chain of names gets another value: what was known of the fence it led to stays with those who still hold it. */
export function overwrite(run: Run, state: State, target: Node, value: Value | undefined): void {
  const path = pathOf(target);
  if (path === undefined) return;
  run.assigned.add(path);
  state.facts.forget(path);
  const prefix = `${path}.`;
  for (const known of [...state.paths.keys()]) if (known.startsWith(prefix)) state.paths.delete(known);
  if (value?.kind === 'fence' && value.reference !== undefined) {
    state.paths.set(path, value.object);
    return;
  }
  const object = objectAt(state, path);
  const isKnown =
    state.paths.has(path) ||
    state.objects.has(object) ||
    [...state.variables.values()].some((held) => held.kind === 'fence' && held.object === object);
  if (isKnown) state.paths.set(path, `${path}@${String(target.range[0])}`);
}

/** The fence that a chain of names leads to. */
export function objectAt(state: State, path: string): string {
  return state.paths.get(path) ?? path;
}

/** A fence read through a chain of names; whether it is one is asked when it matters. */
export function readPath(state: State, node: Node, origin: Origin): FenceValue {
  const path = pathOf(node);
  const object = path === undefined ? `x${String(node.range[0])}` : objectAt(state, path);
  const known = rootOf(node).type === T.ThisExpression ? path : undefined;
  return { kind: 'fence', object, reference: undefined, origin, path: known ?? path, node, checked: false };
}
