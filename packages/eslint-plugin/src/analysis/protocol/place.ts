import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import type { Resolver } from '../../types/resolver.js';
import { isFenceEntity } from '../../types/vocabulary.js';
import type { Summaries } from '../judgement/summaries.js';
import { isAcquisition } from '../checks/class-fields.js';
import { classes, isPrivate, type ClassNode } from '../text/classes.js';
import type { Names, Variable } from '../text/names.js';
import {
  ancestors,
  descendants,
  enclosingClass,
  enclosingFunction,
  type FunctionNode,
  isFunction,
  isMissing,
  isWithin,
  keyName,
  memberName,
  parentOf,
  pathOf,
  type Node,
  unwrapped,
} from '../text/syntax.js';

/** How a place holds what it owns. */
export type Content = 'single' | 'map' | 'set' | 'list';

/**
 * What a store puts into a place: `fence`, a reference of its own; a list of names, a record that owns a fence under
 * each of them; `from …`, what another place had; `else`, anything of which that is not known.
 */
export type Stored = 'fence' | 'else' | `from ${string}` | readonly string[];

/** A slot that outlives the functions which use it: a private field of a class, or a variable around functions. */
export interface Place {
  /** As messages call it: `#slot`, `cache`. */
  readonly name: string;
  readonly content: Content;
  /** The names under which each record in it owns a fence; undefined: it holds the fences themselves. */
  readonly records: readonly string[] | undefined;
  /** The property of its records by which it finds them: `jobs.set(job.id, job)`. */
  readonly keyedBy: string | undefined;
  /** Where it is declared. */
  readonly site: Node;
  /** Everywhere it is read or written, its declaration left out. */
  readonly mentions: ReadonlySet<Node>;
  /** The functions that use it, by themselves or by those that they call: each runs where another one calls it. */
  readonly touching: ReadonlySet<FunctionNode>;
  /** Those among them that others may call at any time. */
  readonly members: readonly FunctionNode[];
}

/** What has to be known of a file to find its places. */
export interface FileText {
  readonly names: Names;
  readonly resolver: Resolver;
  readonly summaries: Summaries;
}

/** The places of a file into which nothing goes but references that are then its own. */
export function places(file: FileText, stores: ReadonlyMap<Node, Stored>): Place[] {
  if (stores.size === 0) return [];
  let found: Candidate[] = [];
  for (const declared of declarations(file)) {
    const candidate = candidateOf(file, declared, stores);
    if (candidate !== undefined) found.push(candidate);
  }
  // What one of them gets from another is its own where the other one's was.
  for (let before = -1; before !== found.length;) {
    before = found.length;
    const names = new Set(found.map(({ place }) => `from ${place.name}`));
    found = found.filter(({ sources }) => [...sources].every((source) => names.has(source)));
  }
  return found.flatMap(({ place, isFilled, sources }) => {
    // What its own stores say of its records, or the places that it gets them from.
    const filled = found.filter((one) => one.isFilled && sources.has(`from ${one.place.name}`));
    const kinds = [...(isFilled ? [place] : []), ...filled.map((one) => one.place)];
    const isOne = new Set(kinds.map(({ records }) => records?.join())).size === 1;
    return isOne ? [{ ...place, records: kinds[0]?.records }] : [];
  });
}

interface Candidate {
  readonly place: Place;
  /** Whether references that were taken for it are put into it. */
  readonly isFilled: boolean;
  /** What else is put into it than references that were taken for it: `from …`. */
  readonly sources: ReadonlySet<string>;
}

/** Private fields, and variables that only functions inside of their scope use. */
function* declarations(file: FileText): Generator<Declared> {
  for (const owner of classes(file)) {
    for (const member of owner.body.body) {
      if (member.type !== T.PropertyDefinition || member.static || !isPrivate(member)) continue;
      const name = keyName(member);
      const mentions = name === undefined ? undefined : fieldMentions(file, owner, name);
      if (name !== undefined && mentions !== undefined)
        yield { name, site: member, key: member.key, init: member.value, mentions };
    }
  }
  for (const variable of file.names.declared()) {
    const declarator = variable.defs[0]?.node;
    if (variable.defs.length !== 1 || declarator?.type !== T.VariableDeclarator) continue;
    const { id, init } = declarator;
    if (id.type !== T.Identifier || isExported(variable)) continue;
    const mentions = variableMentions(variable, id);
    if (mentions !== undefined) yield { name: id.name, site: declarator, key: id, init, mentions };
  }
}

interface Declared {
  readonly name: string;
  readonly site: Node;
  readonly key: Node;
  readonly init: Node | null;
  readonly mentions: readonly Node[];
}

function candidateOf(
  file: FileText,
  { name, site, key, init, mentions }: Declared,
  stores: ReadonlyMap<Node, Stored>,
): Candidate | undefined {
  const kinds = new Set<string>();
  const sources = new Set<string>();
  let records: readonly string[] | undefined;
  if (init !== null && isAcquisition(file, init)) kinds.add('fence');
  for (const mention of mentions) {
    const stored = stores.get(mention);
    if (stored === undefined || filterOf(mention) !== undefined) continue;
    if (typeof stored === 'string' && stored.startsWith('from ')) {
      sources.add(stored);
      continue;
    }
    kinds.add(typeof stored === 'string' ? stored : stored.join());
    if (typeof stored !== 'string') records = stored;
  }
  const [kind] = kinds;
  if (kinds.size > 1 || kind === 'else' || (kind === undefined && sources.size === 0)) return undefined;
  const content = contentOf(file, key, init);
  if (content === undefined) return undefined;
  const touching = functionsTouching(file, site, mentions);
  const members = [...touching].filter((fn) => isMember(fn, site) && !isCalledBy(file, fn, touching));
  const keyedBy = content === 'map' && records !== undefined ? keyPropertyOf(mentions) : undefined;
  return {
    place: { name, content, records, keyedBy, site, mentions: new Set(mentions), touching, members },
    isFilled: kind !== undefined,
    sources,
  };
}

/** `list.filter(test)` in `list = list.filter(test)`: what a place is written with is part of what it had. */
export function filterOf(mention: Node): TSESTree.CallExpression | undefined {
  const { parent } = mention;
  const call =
    parent?.type === T.AssignmentExpression && parent.left === mention ? unwrapped(parent.right) : undefined;
  if (call?.type !== T.CallExpression || call.callee.type !== T.MemberExpression) return undefined;
  const isSame = pathOf(call.callee.object) === pathOf(mention) && memberName(call.callee) === 'filter';
  return isSame ? call : undefined;
}

/** The property by which every `set` of a map names the record that it stores. */
function keyPropertyOf(mentions: readonly Node[]): string | undefined {
  const properties = new Set<string | undefined>();
  for (const mention of mentions) {
    const method = parentOf(mention);
    const call = method && parentOf(method);
    if (method?.type !== T.MemberExpression || memberName(method) !== 'set') continue;
    const [key, value] = call?.type === T.CallExpression ? call.arguments : [];
    properties.add(key && value ? propertyNaming(unwrapped(key), unwrapped(value)) : undefined);
  }
  const [property] = properties;
  return properties.size === 1 ? property : undefined;
}

/** `id`, where the key is `job.id` and the value `job`, or the key is `id` and the value `{ id, fence }`. */
function propertyNaming(key: Node, value: Node): string | undefined {
  if (key.type === T.MemberExpression && !key.computed)
    return pathOf(key.object) !== undefined && pathOf(key.object) === pathOf(value)
      ? memberName(key)
      : undefined;
  if (value.type !== T.ObjectExpression || pathOf(key) === undefined) return undefined;
  for (const property of value.properties)
    if (property.type === T.Property && pathOf(property.value) === pathOf(key)) return keyName(property);
  return undefined;
}

const collections: Readonly<Record<string, Content>> = {
  Map: 'map',
  WeakMap: 'map',
  Set: 'set',
  WeakSet: 'set',
  Array: 'list',
};

function contentOf({ resolver }: FileText, key: Node, init: Node | null): Content | undefined {
  const value = init === null ? undefined : unwrapped(init);
  if (value?.type === T.NewExpression && value.callee.type === T.Identifier)
    // What it begins with may be lent; an array begins with a number of holes.
    return value.arguments.length === 0 || value.callee.name === 'Array'
      ? collections[value.callee.name]
      : undefined;
  if (value?.type === T.ArrayExpression) return value.elements.length === 0 ? 'list' : undefined;
  const type = resolver.typeOf(key);
  if (type?.brand === 'borrowed' || type?.promise === true) return undefined;
  if (type?.many === true) return collections[resolver.typeName(key) ?? ''];
  if (type !== undefined && !isFenceEntity(type.entity)) return undefined;
  return value === undefined || isMissing(value) || type !== undefined ? 'single' : undefined;
}

/** Every `this.name` of a class; undefined if the field is reached in another way, too. */
function fieldMentions({ names }: FileText, owner: ClassNode, name: string): Node[] | undefined {
  const mentions: Node[] = [];
  for (const node of descendants(owner, names.sourceCode.visitorKeys, { intoFunctions: true })) {
    if (node.type === T.Property && node.parent.type === T.ObjectPattern && keyName(node) === name)
      return undefined;
    if (node.type !== T.MemberExpression || memberName(node) !== name) continue;
    if (node.object.type !== T.ThisExpression || enclosingClass(node) !== owner) return undefined;
    mentions.push(node);
  }
  return mentions;
}

/** Every use of a variable that only functions inside of its own scope use; undefined for any other. */
function variableMentions(variable: Variable, declared: Node): Node[] | undefined {
  const home = variable.scope.variableScope;
  const mentions: Node[] = [];
  for (const { identifier, from, init } of variable.references) {
    if (identifier === declared || init === true) continue;
    if (from.variableScope === home) return undefined;
    mentions.push(identifier);
  }
  return mentions.length === 0 ? undefined : mentions;
}

function isExported({ defs, references }: Variable): boolean {
  const declaration = defs[0]?.parent;
  return (
    declaration?.parent.type === T.ExportNamedDeclaration ||
    references.some(({ identifier }) => identifier.parent.type === T.ExportSpecifier)
  );
}

/** The outermost function around a node that is still inside of what declares a place. */
export function memberAround(node: Node, site: Node): FunctionNode | undefined {
  let member: FunctionNode | undefined;
  for (const outer of ancestors(node)) {
    if (isWithin(site, outer)) break;
    if (isFunction(outer)) member = outer;
  }
  return member;
}

function functionsTouching(file: FileText, site: Node, mentions: readonly Node[]): ReadonlySet<FunctionNode> {
  const touching = new Set<FunctionNode>();
  for (const mention of mentions) {
    const member = memberAround(mention, site);
    if (member !== undefined) touching.add(member);
  }
  const owner: Node = enclosingClass(site) ?? file.names.sourceCode.ast;
  const calls: { readonly from: FunctionNode; readonly to: FunctionNode }[] = [];
  for (const node of descendants(owner, file.names.sourceCode.visitorKeys, { intoFunctions: true })) {
    const to = node.type === T.CallExpression ? calledBy(file, node.callee) : undefined;
    const from = to === undefined ? undefined : memberAround(node, site);
    if (to !== undefined && from !== undefined) calls.push({ from, to });
  }
  for (let before = -1; before !== touching.size;) {
    before = touching.size;
    for (const { from, to } of calls) if (touching.has(to)) touching.add(from);
  }
  return touching;
}

/** The function of the file that a call runs by its text: `this.#drop()`, `drop()`. */
export function calledBy(
  { names, summaries }: Pick<FileText, 'names' | 'summaries'>,
  callee: Node,
): FunctionNode | undefined {
  const node = unwrapped(callee);
  if (node.type === T.Identifier) return names.functionNamed(node);
  if (node.type !== T.MemberExpression || node.object.type !== T.ThisExpression) return undefined;
  const name = memberName(node);
  return name === undefined ? undefined : summaries.methodOf(node, name);
}

/** Whether a function has a name by which it is called, and is no value that somebody runs when he likes. */
function isNamed({ type, parent }: FunctionNode): boolean {
  return (
    type === T.FunctionDeclaration ||
    parent.type === T.MethodDefinition ||
    parent.type === T.PropertyDefinition ||
    parent.type === T.VariableDeclarator ||
    parent.type === T.Property
  );
}

/** Whether others call a function by itself: a method, a named function, a function that a factory gives out. */
function isMember(fn: FunctionNode, site: Node): boolean {
  const { parent } = fn;
  if (parent.type === T.MethodDefinition) return parent.kind !== 'constructor' && !parent.static;
  return isNamed(fn) && (parent.type !== T.PropertyDefinition || site.type === T.PropertyDefinition);
}

/** Whether anybody outside can call a function: a public method, an exported function. */
function isOpen({ parent, type }: FunctionNode): boolean {
  if (parent.type === T.MethodDefinition) return !isPrivate(parent);
  return type === T.FunctionDeclaration && parent.type === T.ExportNamedDeclaration;
}

/** Whether a function is part of what others do: one of those calls it, so it is looked at there. */
function isCalledBy(
  { names, summaries }: FileText,
  fn: FunctionNode,
  touching: ReadonlySet<FunctionNode>,
): boolean {
  if (isOpen(fn)) return false;
  let isCalled = false;
  for (const other of touching) {
    if (other === fn) continue;
    for (const node of descendants(other, names.sourceCode.visitorKeys, { intoFunctions: true })) {
      if (node.type !== T.CallExpression || calledBy({ names, summaries }, node.callee) !== fn) continue;
      // Out of a function that runs later it runs by itself, and so it does if nobody waits for it.
      const isWaitedFor = !fn.async || node.parent.type === T.AwaitExpression;
      if (!isWaitedFor || enclosingFunction(node) !== other || !isNamed(other)) return false;
      isCalled = true;
    }
  }
  // A private method that nobody calls is given to somebody, who knows when it runs.
  return isCalled || (fn.parent.type === T.MethodDefinition && isPrivate(fn.parent));
}
