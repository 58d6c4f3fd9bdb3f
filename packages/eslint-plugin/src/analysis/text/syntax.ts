import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';

export type Node = TSESTree.Node;

export type FunctionNode =
  TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;

export type CallNode = TSESTree.CallExpression | TSESTree.NewExpression;

/** Whether a node is a function with a body. */
export function isFunction(node: Node | null | undefined): node is FunctionNode {
  return (
    node?.type === T.FunctionDeclaration ||
    node?.type === T.FunctionExpression ||
    node?.type === T.ArrowFunctionExpression
  );
}

/** An expression without the wrappers that do nothing at run time. */
export function unwrapped(node: Node): Node {
  let inner = node;
  for (;;) {
    switch (inner.type) {
      case T.TSAsExpression:
      case T.TSNonNullExpression:
      case T.TSSatisfiesExpression:
      case T.TSTypeAssertion:
      case T.TSInstantiationExpression:
      case T.ChainExpression:
        inner = inner.expression;
        continue;
      default:
        return inner;
    }
  }
}

/** `undefined` and `null`, as they are written. */
export function isMissing(node: Node): boolean {
  const value = unwrapped(node);
  return (
    (value.type === T.Identifier && value.name === 'undefined') ||
    (value.type === T.Literal && value.value === null && value.raw === 'null')
  );
}

/** Whether a node lies in another one, or is it. */
export function isWithin({ range }: Node, outer: Node): boolean {
  return range[0] >= outer.range[0] && range[1] <= outer.range[1];
}

/** Whether a node is what an assignment writes: `node = …`. */
export function isWritten(node: Node): boolean {
  const parent = parentOf(node);
  return parent?.type === T.AssignmentExpression && unwrapped(parent.left) === node;
}

/** Whether a node is set to undefined or null: `node = undefined`. */
export function isEmptied(node: Node): boolean {
  const parent = parentOf(node);
  return isWritten(node) && parent?.type === T.AssignmentExpression && isMissing(parent.right);
}

/** The nearest node above that is no wrapper. */
export function parentOf(node: Node): Node | undefined {
  for (const outer of ancestors(node)) if (unwrapped(outer) === outer) return outer;
  return undefined;
}

/** Members that the analysis knows by another name than the text does: the release of a declared resource is a `put`. */
export const termOf: WeakMap<TSESTree.MemberExpression, string> = new WeakMap<
  TSESTree.MemberExpression,
  string
>();

/** The name a member is known by: as it is written out, or as a declared resource has it. */
export function memberName(node: TSESTree.MemberExpression): string | undefined {
  return termOf.get(node) ?? spell(node);
}

/** The name a member is reached by, when it is written out. */
export function spell(node: TSESTree.MemberExpression): string | undefined {
  const { property } = node;
  if (!node.computed)
    return property.type === T.PrivateIdentifier
      ? `#${property.name}`
      : (property as TSESTree.Identifier).name;
  if (property.type === T.Literal) return String(property.value);
  if (isSymbolDispose(property)) return '[Symbol.dispose]';
  return undefined;
}

/** Whether a method's name is one of those that give a reference back. */
export function isPutName(name: string | undefined): boolean {
  return name === 'put' || name === '[Symbol.dispose]';
}

/** Whether an expression is `Symbol.dispose` or `Symbol.asyncDispose`. */
export function isSymbolDispose(node: Node): boolean {
  return (
    node.type === T.MemberExpression &&
    node.object.type === T.Identifier &&
    node.object.name === 'Symbol' &&
    node.property.type === T.Identifier &&
    (node.property.name === 'dispose' || node.property.name === 'asyncDispose')
  );
}

/** The name of a class member or object property, private names with their `#`. */
export function keyName(node: { key: Node; computed: boolean }): string | undefined {
  const { key } = node;
  if (key.type === T.PrivateIdentifier) return `#${key.name}`;
  if (!node.computed && key.type === T.Identifier) return key.name;
  if (key.type === T.Literal) return String(key.value);
  return isSymbolDispose(key) ? '[Symbol.dispose]' : undefined;
}

/** The text of a chain of names (`this.slot`, `job.done`), the same however it is written; undefined for anything else. */
export function pathOf(node: Node): string | undefined {
  const inner = unwrapped(node);
  switch (inner.type) {
    case T.Identifier:
      return inner.name;
    case T.ThisExpression:
      return 'this';
    case T.Super:
      return 'super';
    case T.MemberExpression: {
      const object = pathOf(inner.object);
      const name = memberName(inner);
      if (object !== undefined && name !== undefined) return `${object}.${name}`;
      // `slots[i]` is stable as long as neither name is written to.
      const index = inner.computed ? pathOf(inner.property) : undefined;
      return object === undefined || index === undefined ? undefined : `${object}[${index}]`;
    }
    default:
      return undefined;
  }
}

/** The identifier or `this` that a chain of names starts with. */
export function rootOf(node: Node): Node {
  let inner = unwrapped(node);
  while (
    inner.type === T.MemberExpression ||
    (inner.type === T.CallExpression && inner.callee.type === T.MemberExpression)
  ) {
    inner = unwrapped(inner.type === T.MemberExpression ? inner.object : inner.callee);
  }
  return inner;
}

/** Whether a path is another one or starts with it. */
export function isUnder(path: string, prefix: string): boolean {
  return path === prefix || path.startsWith(`${prefix}.`) || path.startsWith(`${prefix}[`);
}

/** Whether a path leads elsewhere once a name or a path is written: it lies under it, or is indexed by it. */
export function dependsOn(path: string, written: string): boolean {
  return isUnder(path, written) || path.includes(`[${written}]`) || path.includes(`[${written}.`);
}

/** The nodes directly below a node, in the order they are written. */
export function* children(node: Node, keys: Readonly<Record<string, readonly string[]>>): Generator<Node> {
  for (const key of keys[node.type] ?? []) {
    const child: unknown = (node as unknown as Record<string, unknown>)[key];
    if (Array.isArray(child)) {
      for (const one of child) if (isNode(one)) yield one;
    } else if (isNode(child)) yield child;
  }
}

/** Puts the nodes below a node on a stack, the first on top. */
function pushChildren(stack: Node[], node: Node, keys: Readonly<Record<string, readonly string[]>>): void {
  const names = keys[node.type] ?? [];
  for (let at = names.length - 1; at >= 0; at -= 1) {
    const child: unknown = (node as unknown as Record<string, unknown>)[names[at] ?? ''];
    if (Array.isArray(child)) {
      for (let index = child.length - 1; index >= 0; index -= 1) {
        const one: unknown = child[index];
        if (isNode(one)) stack.push(one);
      }
    } else if (isNode(child)) stack.push(child);
  }
}

/** Every node below a node, those of nested functions left out unless asked for. */
export function* descendants(
  node: Node,
  keys: Readonly<Record<string, readonly string[]>>,
  { intoFunctions = false }: { intoFunctions?: boolean } = {},
): Generator<Node> {
  const stack: Node[] = [];
  pushChildren(stack, node, keys);
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    yield next;
    if (intoFunctions || !isFunction(next)) pushChildren(stack, next, keys);
  }
}

/** The nodes around a node, from the inside out. Above the program stands undefined or null, depending on the tool. */
export function* ancestors(node: Node): Generator<Node> {
  for (let outer: Node | null | undefined = node.parent; outer; outer = outer.parent) yield outer;
}

/** The function around a node. */
export function enclosingFunction(node: Node): FunctionNode | undefined {
  for (const outer of ancestors(node)) if (isFunction(outer)) return outer;
  return undefined;
}

/** The class whose member a node belongs to. */
export function enclosingClass(node: Node): TSESTree.ClassDeclaration | TSESTree.ClassExpression | undefined {
  for (const outer of ancestors(node)) {
    if (outer.type === T.ClassDeclaration || outer.type === T.ClassExpression) return outer;
  }
  return undefined;
}

/** The name a function goes by: its own, its variable's, its method's or its property's. */
export function functionName(node: FunctionNode): string | undefined {
  if (node.id) return node.id.name;
  const { parent } = node;
  switch (parent.type) {
    case T.VariableDeclarator:
      return parent.id.type === T.Identifier ? parent.id.name : undefined;
    case T.MethodDefinition:
    case T.PropertyDefinition:
    case T.Property:
      return keyName(parent);
    case T.AssignmentExpression:
      return parent.left.type === T.MemberExpression ? memberName(parent.left) : undefined;
    default:
      return undefined;
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}
