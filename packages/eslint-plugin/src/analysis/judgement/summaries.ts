import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { Consumption } from '../../types/tags.js';
import type { Names } from '../text/names.js';
import {
  descendants,
  enclosingClass,
  isFunction,
  isPutName,
  rootOf,
  keyName,
  memberName,
  type FunctionNode,
  type Node,
} from '../text/syntax.js';

/** What a function of this file does with its parameters, learned from its body. */
export interface Summary {
  /** `maybe`: on some paths, in a way that its result does not tell. */
  readonly parameter: (index: number) => Consumption | 'maybe' | 'borrows' | undefined;
  readonly returns: 'owned' | 'borrowed' | 'parameter' | 'unknown';
  /** Which parameter is returned, with `returns: 'parameter'`. */
  readonly returned: number;
  /** The properties, or indices, under which the record that it returns has references of its own. */
  readonly owns: readonly string[];
  /** Whether it returns nothing on some paths. */
  readonly mayBeMissing: boolean;
  /** What it returns comes as a promise of it. */
  readonly isAsync: boolean;
}

type Class = TSESTree.ClassDeclaration | TSESTree.ClassExpression;

/** Knowledge about the functions and classes of one file, gathered when first asked for. */
export class Summaries {
  readonly #names: Names;
  readonly #summarise: (node: FunctionNode) => Summary | undefined;
  readonly #waits: (node: FunctionNode) => boolean;
  readonly #throws: (node: FunctionNode) => boolean;
  readonly #known = new Map<FunctionNode, Summary | undefined>();
  readonly #blocking = new Map<FunctionNode, boolean>();
  readonly #throwing = new Map<FunctionNode, boolean>();
  readonly #filling = new Map<FunctionNode, boolean>();
  readonly #mutable = new Map<Class, ReadonlySet<string>>();

  constructor(
    names: Names,
    summarise: (node: FunctionNode) => Summary | undefined,
    waits: (node: FunctionNode) => boolean,
    throws: (node: FunctionNode) => boolean,
  ) {
    this.#names = names;
    this.#summarise = summarise;
    this.#waits = waits;
    this.#throws = throws;
  }

  /** The summary of a called function; undefined for one without a body here, and for one that is being summarised. */
  ofCallee(node: Node | undefined): Summary | undefined {
    const fn = node && functionIn(node);
    if (fn === undefined) return undefined;
    if (!this.#known.has(fn)) {
      // A function that calls itself finds nothing known of it.
      this.#known.set(fn, undefined);
      this.#known.set(fn, this.#summarise(fn));
    }
    return this.#known.get(fn);
  }

  /** Whether a called function waits in a way that stops the thread, or takes a lock. */
  blocks(node: Node | undefined): boolean {
    const fn = node && functionIn(node);
    if (fn === undefined) return false;
    let known = this.#blocking.get(fn);
    if (known === undefined) {
      this.#blocking.set(fn, false);
      known = this.#waits(fn);
      this.#blocking.set(fn, known);
    }
    return known;
  }

  /** Whether a called function can throw before it returns; undefined for one without a body here. */
  throws(node: Node | undefined): boolean | undefined {
    const fn = node && functionIn(node);
    if (fn === undefined) return undefined;
    let known = this.#throwing.get(fn);
    if (known === undefined) {
      // A function that calls itself throws if anything else in it does.
      this.#throwing.set(fn, false);
      known = this.#throws(fn);
      this.#throwing.set(fn, known);
    }
    return known;
  }

  /** The method of the class around a node that a call on `this` runs. */
  methodOf(node: Node, name: string): FunctionNode | undefined {
    const owner = enclosingClass(node);
    for (const member of owner?.body.body ?? []) {
      if (
        (member.type === T.MethodDefinition || member.type === T.PropertyDefinition) &&
        keyName(member) === name &&
        isFunction(member.value)
      )
        return member.value;
    }
    return undefined;
  }

  /** Whether a method puts what is in a field of `this`, or writes one, so that its callers depend on it. */
  fillsFields(method: FunctionNode): boolean {
    let known = this.#filling.get(method);
    if (known === undefined) {
      known = this.#fills(method);
      this.#filling.set(method, known);
    }
    return known;
  }

  #fills(method: FunctionNode): boolean {
    for (const node of descendants(method, this.#names.sourceCode.visitorKeys)) {
      if (node.type !== T.MemberExpression) continue;
      const { parent } = node;
      if (isPutName(memberName(node)) && rootOf(node).type === T.ThisExpression) return true;
      const isStore = parent.type === T.AssignmentExpression && parent.left === node;
      if (isStore && node.object.type === T.ThisExpression) return true;
    }
    return false;
  }

  /** The constructor of a class of this file. */
  constructorOf(node: TSESTree.NewExpression): FunctionNode | undefined {
    const variable = node.callee.type === T.Identifier ? this.#names.variable(node.callee) : undefined;
    const owner = variable?.defs[0]?.node;
    if (owner?.type !== T.ClassDeclaration) return undefined;
    for (const member of owner.body.body) {
      if (member.type === T.MethodDefinition && member.kind === 'constructor' && isFunction(member.value))
        return member.value;
    }
    return undefined;
  }

  /** Whether a path is a field of `this` that its class writes after construction. */
  isMutableField(path: string, node: Node): boolean {
    const field = /^this\.(?<name>[^.[]+)/.exec(path)?.groups?.['name'];
    if (field === undefined) return false;
    const owner = enclosingClass(node);
    if (owner === undefined) return true;
    let mutable = this.#mutable.get(owner);
    if (mutable === undefined) {
      mutable = this.#mutableFields(owner);
      this.#mutable.set(owner, mutable);
    }
    return mutable.has(field);
  }

  #mutableFields(owner: Class): ReadonlySet<string> {
    const fields = new Set<string>();
    const keys = this.#names.sourceCode.visitorKeys;
    for (const member of owner.body.body) {
      if (member.type === T.MethodDefinition && member.kind === 'constructor') continue;
      for (const node of descendants(member, keys, { intoFunctions: true })) {
        const target =
          node.type === T.AssignmentExpression
            ? node.left
            : node.type === T.UpdateExpression
              ? node.argument
              : undefined;
        if (target?.type !== T.MemberExpression || target.object.type !== T.ThisExpression) continue;
        const name = memberName(target);
        if (name !== undefined) fields.add(name);
      }
    }
    return fields;
  }
}

/** The function with a body that a declaration stands for. */
function functionIn(node: Node): FunctionNode | undefined {
  if (isFunction(node)) return node;
  if (node.type === T.MethodDefinition || node.type === T.PropertyDefinition || node.type === T.Property) {
    return isFunction(node.value) ? node.value : undefined;
  }
  return undefined;
}
