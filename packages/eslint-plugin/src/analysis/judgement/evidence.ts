import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { Variable } from '../text/names.js';
import type { Run } from '../run.js';
import {
  descendants,
  enclosingClass,
  enclosingFunction,
  functionName,
  isUnder,
  keyName,
  memberName,
  pathOf,
  rootOf,
  unwrapped,
  type FunctionNode,
  type Node,
  isPutName,
} from '../text/syntax.js';

/** Words in the names of functions whose work it is to give things back. */
const releasing: ReadonlySet<string> = new Set(
  (
    'abort cancel clean cleanup clear close complete cleared deinit delete destroy detach discard dispose disposed ' +
    'done drain drop end evict exit expire fini finish finished flush free invalidate kill purge put reap recycle ' +
    'release remove reset retire retired shutdown stop swap tear teardown terminate trim uninit unload unref unset'
  ).split(' '),
);

/** `#dropAll` consists of "drop" and "all"; of "append" the "end" is no word. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/g, ' ')
    .toLowerCase()
    .split(/[^a-z]+/);
}

/** Whether a function's name says that it gives something back. */
export function isReleasingName(name: string): boolean {
  return wordsOf(name).some(
    (word) => releasing.has(word) || releasing.has(word.replace(/(?:s|es|ing)$/, '')),
  );
}

/** Whether a place lies in a function that gives things back, by its name. */
export function isReleasing(run: Run, node: Node): boolean {
  for (
    let fn: FunctionNode | undefined = enclosingFunction(node);
    fn !== undefined;
    fn = enclosingFunction(fn)
  ) {
    const name = functionName(fn);
    if (name !== undefined && isReleasingName(name)) return true;
    if (fn === run.root) break;
  }
  return false;
}

/** Whether a function assigns, deletes or empties the place that a fence was read from, so that what was read is its own. */
export function isEmptied(run: Run, source: Node): boolean {
  const node = unwrapped(source.type === T.CallExpression ? source.callee : source);
  const place = node.type === T.MemberExpression && source.type === T.CallExpression ? node.object : node;
  return placesOf(run, place).some((path) =>
    [...run.assigned].some((assigned) => isUnder(path, assigned.replace(/\.length$/, ''))),
  );
}

/** The chains of names that lead to a place: its own, and those that the names in it stand for. */
function placesOf(run: Run, place: Node, depth = 0): string[] {
  const path = pathOf(place);
  if (path === undefined) return [];
  const root = rootOf(place);
  const declarator = root.type === T.Identifier ? run.names.variable(root)?.defs[0]?.node : undefined;
  if (root.type === T.Identifier && root === place && root.parent.type === T.Property)
    return [path, `{}.${keyName(root.parent) ?? ''}`];
  if (root.type !== T.Identifier || declarator?.type !== T.VariableDeclarator || depth > 4) return [path];
  const key = declarator.id.type === T.Identifier ? '' : keyInPattern(declarator.id, root.name);
  const loop = declarator.parent.parent;
  // `for (const fence of this.list)`: an element of the list.
  if (loop.type === T.ForOfStatement && loop.left === declarator.parent)
    return [path, ...placesOf(run, unwrapped(loop.right), depth + 1)];
  if (!declarator.init || key === undefined) return [path];
  const rest = path.slice(root.name.length);
  return [path, ...placesOf(run, unwrapped(declarator.init), depth + 1).map((whole) => whole + key + rest)];
}

/** `.done` for the name `fence` in `const { done: fence } = job`. */
function keyInPattern(pattern: Node, name: string): string | undefined {
  if (pattern.type !== T.ObjectPattern) return undefined;
  for (const property of pattern.properties) {
    if (property.type !== T.Property) continue;
    const target = property.value.type === T.AssignmentPattern ? property.value.left : property.value;
    if (target.type === T.Identifier && target.name === name) {
      const key = keyName(property);
      return key === undefined ? undefined : `.${key}`;
    }
  }
  return undefined;
}

/** Whether somewhere in the file an owned fence is stored under the same property name: then the property owns. */
export function ownsByEvidence(run: Run, source: Node): boolean {
  return placesOf(run, unwrapped(source)).some((path) => {
    const name = /\.(?<name>[^.[]+)$/.exec(path)?.groups?.['name'];
    return name !== undefined && ownedNames(run).has(name);
  });
}

const cache = new WeakMap<object, ReadonlySet<string>>();

function ownedNames(run: Run): ReadonlySet<string> {
  const { sourceCode } = run.names;
  const known = cache.get(sourceCode);
  if (known !== undefined) return known;
  const names = new Set<string>();
  for (const node of descendants(sourceCode.ast, sourceCode.visitorKeys, { intoFunctions: true })) {
    let name: string | undefined;
    let value: Node | null | undefined;
    if (node.type === T.AssignmentExpression && node.left.type === T.MemberExpression)
      [name, value] = [memberName(node.left), node.right];
    else if (
      (node.type === T.Property && node.parent.type === T.ObjectExpression) ||
      node.type === T.PropertyDefinition
    )
      [name, value] = [keyName(node), node.value];
    if (name !== undefined && value && isAcquisition(run, value)) names.add(name);
    const stored = node.type === T.ExpressionStatement ? parameterTaken(run, node) : undefined;
    if (stored !== undefined) names.add(stored);
  }
  cache.set(sourceCode, names);
  return names;
}

/** `constructor(private fence: DmaFence) { fence.get(); }`: the field of that name owns. */
function parameterTaken(run: Run, { expression }: TSESTree.ExpressionStatement): string | undefined {
  const call = unwrapped(expression);
  if (call.type !== T.CallExpression || call.callee.type !== T.MemberExpression) return undefined;
  const { object } = call.callee;
  if (object.type !== T.Identifier || memberName(call.callee) !== 'get') return undefined;
  const [name] = run.names.variable(object)?.identifiers ?? [];
  return name?.parent.type === T.TSParameterProperty ? object.name : undefined;
}

/** Whether an expression takes a reference, by its form. */
function isAcquisition(run: Run, value: Node): boolean {
  const node = unwrapped(value);
  if (node.type === T.CallExpression) {
    const callee = unwrapped(node.callee);
    if (callee.type === T.MemberExpression)
      return /^(?:get|createFence|createFenceWith|fenceAt|fence)$/.test(memberName(callee) ?? '');
    return callee.type === T.Identifier && run.resolver.typeOf(node) !== undefined;
  }
  if (node.type === T.Identifier) {
    const declarator = run.names.variable(node)?.defs[0]?.node;
    return (
      declarator?.type === T.VariableDeclarator &&
      declarator.init !== null &&
      declarator.init.type === T.CallExpression &&
      isAcquisition(run, declarator.init)
    );
  }
  return false;
}

/**
 * Whether a parameter's owner can be told from how its function is used: a helper that is not exported and is only
 * ever called may take over what its callers own, without saying so; its callers are held to it instead.
 */
export function isInferredConsumer(run: Run, node: Node): boolean {
  const fn = enclosingNamed(node);
  if (fn === undefined) return false;
  const { parent } = fn;
  if (parent.type === T.MethodDefinition) {
    if (parent.kind === 'constructor') return constructorOwns(run, parent);
    const name = keyName(parent);
    const isPrivate = parent.accessibility === 'private' || parent.key.type === T.PrivateIdentifier;
    return isPrivate && name !== undefined && isCalledOnThis(run, fn, name);
  }
  const variable = variableOf(run, fn);
  if (variable === undefined || isExported(variable)) return false;
  const reads = variable.references.filter((reference) => reference.isRead());
  return (
    reads.length > 0 &&
    reads.every(
      ({ identifier }) =>
        identifier.parent.type === T.CallExpression && identifier.parent.callee === identifier,
    )
  );
}

/** The function with a name of its own around a node; closures inside it speak for it. */
function enclosingNamed(node: Node): FunctionNode | undefined {
  for (let fn = enclosingFunction(node); fn !== undefined; fn = enclosingFunction(fn)) {
    if (functionName(fn) !== undefined || fn.parent.type === T.MethodDefinition) return fn;
  }
  return undefined;
}

function variableOf(run: Run, fn: FunctionNode): Variable | undefined {
  if (fn.type === T.FunctionDeclaration) return fn.id ? run.names.variable(fn.id) : undefined;
  return fn.parent.type === T.VariableDeclarator ? run.names.variable(fn.parent.id) : undefined;
}

function isExported(variable: Variable): boolean {
  for (const { node, parent } of variable.defs) {
    const statement = node.type === T.FunctionDeclaration ? node.parent : parent?.parent;
    if (statement?.type === T.ExportNamedDeclaration || statement?.type === T.ExportDefaultDeclaration)
      return true;
  }
  return variable.references.some(
    ({ identifier }) =>
      identifier.parent.type === T.ExportSpecifier || identifier.parent.type === T.ExportDefaultDeclaration,
  );
}

function isCalledOnThis(run: Run, fn: Node, name: string): boolean {
  const owner = enclosingClass(fn);
  if (owner === undefined) return false;
  for (const node of descendants(owner, run.names.sourceCode.visitorKeys, { intoFunctions: true })) {
    if (node.type !== T.CallExpression || node.callee.type !== T.MemberExpression) continue;
    if (node.callee.object.type === T.ThisExpression && memberName(node.callee) === name) return true;
  }
  return false;
}

/** A constructor takes over what it stores in fields that the class puts. */
function constructorOwns(run: Run, constructor: TSESTree.MethodDefinition): boolean {
  const { sourceCode } = run.names;
  for (const member of constructor.parent.body) {
    if (member === constructor || member.type !== T.MethodDefinition) continue;
    for (const node of descendants(member, sourceCode.visitorKeys, { intoFunctions: true })) {
      if (node.type !== T.CallExpression) continue;
      const callee = unwrapped(node.callee);
      if (callee.type === T.MemberExpression && isPutName(memberName(callee))) return true;
    }
  }
  return false;
}

/** Whether `name.put()` stands somewhere below a node, also under another name that is given there. */
export function putsIn(run: Run, below: Node, name: string): boolean {
  const names = new Set([name]);
  for (const node of descendants(below, run.names.sourceCode.visitorKeys, { intoFunctions: true })) {
    if (node.type === T.VariableDeclarator && node.id.type === T.Identifier && node.init) {
      if (names.has(pathOf(node.init) ?? '')) names.add(node.id.name);
    } else if (node.type === T.MemberExpression && names.has(pathOf(node.object) ?? '')) {
      if (isPutName(memberName(node))) return true;
    }
  }
  return false;
}

/** `const first = queue[0]; …; queue.shift(); first.put();`: what is taken out has a name already. */
export function isNamedElsewhere(run: Run, taking: Node): boolean {
  if (taking.type !== T.CallExpression || taking.callee.type !== T.MemberExpression) return false;
  const list = pathOf(taking.callee.object);
  if (list === undefined) return false;
  for (const node of descendants(run.root, run.names.sourceCode.visitorKeys, { intoFunctions: true })) {
    if (node === taking || elementList(node) !== list) continue;
    if (isHandled(run, node)) return true;
  }
  return false;
}

/** The collection that an expression reads one element of. */
function elementList(node: Node): string | undefined {
  if (node.type === T.MemberExpression && node.computed) return pathOf(node.object);
  if (node.type === T.CallExpression && node.callee.type === T.MemberExpression)
    return memberName(node.callee) === 'at' ? pathOf(node.callee.object) : undefined;
  return undefined;
}

/** Whether a fence that was read is put, kept or given to somebody, and not only asked. */
function isHandled(run: Run, value: Node): boolean {
  let read = value;
  while (read.parent && unwrapped(read.parent) === unwrapped(read)) read = read.parent;
  const { parent } = read;
  switch (parent?.type) {
    case T.MemberExpression:
      return parent.object !== read || isPutName(memberName(parent));
    case T.VariableDeclarator: {
      const variable = parent.id.type === T.Identifier ? run.names.variable(parent.id) : undefined;
      return (
        variable?.references.some(
          ({ identifier }) => identifier !== parent.id && isHandled(run, identifier),
        ) === true
      );
    }
    case T.AssignmentExpression:
      return parent.right === read;
    case T.CallExpression:
    case T.ReturnStatement:
    case T.YieldExpression:
    case T.Property:
    case T.ArrayExpression:
      return true;
    default:
      return false;
  }
}

/** Calls that take an element out of a collection, or look for where it stands in order to. */
const removing: ReadonlySet<string> = new Set(['delete', 'remove', 'indexOf', 'lastIndexOf']);

/** `if (this.#set.delete(fence)) fence.put();`: what is put is the reference that the collection had. */
export function isRemoved(run: Run, source: Node): boolean {
  const name = pathOf(source);
  const fn = enclosingFunction(source);
  if (name === undefined || fn === undefined) return false;
  for (const node of descendants(fn, run.names.sourceCode.visitorKeys, { intoFunctions: true })) {
    if (node.type !== T.CallExpression || node.callee.type !== T.MemberExpression) continue;
    const called = memberName(node.callee) ?? '';
    if (removing.has(called) && node.arguments.some((argument) => pathOf(argument) === name)) return true;
    // `list = list.filter((other) => other !== fence)`
    const [test] = node.arguments;
    if ((called === 'filter' || called === 'findIndex') && test !== undefined && compares(run, test, name))
      return true;
  }
  return false;
}

function compares(run: Run, below: Node, name: string): boolean {
  for (const node of descendants(below, run.names.sourceCode.visitorKeys, { intoFunctions: true }))
    if (node.type === T.BinaryExpression && (pathOf(node.left) === name || pathOf(node.right) === name))
      return true;
  return false;
}
