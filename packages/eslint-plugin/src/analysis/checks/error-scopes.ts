import type { TSESLint, TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { Resolver } from '../../types/resolver.js';
import {
  children,
  descendants,
  isFunction,
  memberName,
  pathOf,
  unwrapped,
  type Node,
} from '../text/syntax.js';

/** An `await` while an error scope of a WebGPU device is open. */
export interface SuspendedScope {
  readonly node: Node;
  readonly pushed: Node;
}

type Keys = TSESLint.SourceCode.VisitorKeys;

interface Scope {
  readonly node: Node;
  readonly device: string | undefined;
}

/** The scopes that are open at one point; undefined where no path arrives. */
type Open = readonly Scope[] | undefined;

/** Every suspension of a file's functions in which an error scope is open. */
export function* suspendedScopes(
  { ast, visitorKeys }: Readonly<TSESLint.SourceCode>,
  resolver: Resolver,
): Generator<SuspendedScope> {
  const seen = new Set<Node>();
  const bodies: Node[] = [ast];
  for (const node of descendants(ast, visitorKeys, { intoFunctions: true }))
    if (isFunction(node)) bodies.push(node.body);
  for (const body of bodies)
    for (const found of new Walk(visitorKeys, resolver).of(body)) {
      if (seen.has(found.node)) continue;
      seen.add(found.node);
      yield found;
    }
}

/**
 * Goes through one function in the order in which it runs. Where paths meet, a scope is open only if no path has closed
 * it: `if (checked) push(); …; if (checked) pop();` is balanced, and nothing is said of what follows.
 */
class Walk {
  readonly #keys: Keys;
  readonly #resolver: Resolver;
  readonly #found: SuspendedScope[] = [];
  /** What is open where a `break` or `continue` leaves each of the loops and switches around. */
  readonly #left: Open[][] = [];

  constructor(keys: Keys, resolver: Resolver) {
    this.#keys = keys;
    this.#resolver = resolver;
  }

  of(body: Node): readonly SuspendedScope[] {
    this.#visit(body, []);
    return this.#found;
  }

  #visit(node: Node, open: Open): Open {
    if (open === undefined || isFunction(node)) return open;
    switch (node.type) {
      case T.IfStatement:
      case T.ConditionalExpression: {
        const tested = this.#visit(node.test, open);
        return meet(tested, [
          this.#visit(node.consequent, tested),
          node.alternate === null ? tested : this.#visit(node.alternate, tested),
        ]);
      }
      case T.LogicalExpression: {
        const left = this.#visit(node.left, open);
        return meet(left, [left, this.#visit(node.right, left)]);
      }
      case T.SwitchStatement: {
        const asked = this.#visit(node.discriminant, open);
        return this.#leavable(asked, () => [
          asked,
          ...node.cases.map((one) => this.#all(one.consequent, asked)),
        ]);
      }
      case T.TryStatement: {
        const tried = this.#visit(node.block, open);
        const handled = node.handler === null ? tried : meet(open, [tried, this.#visit(node.handler, open)]);
        // A finally runs on every way out, also where none goes on.
        if (node.finalizer === null) return handled;
        const last = this.#visit(node.finalizer, handled ?? open);
        return handled === undefined ? undefined : last;
      }
      case T.ForStatement:
      case T.ForInStatement:
      case T.ForOfStatement:
      case T.WhileStatement:
      case T.DoWhileStatement: {
        if (node.type === T.ForOfStatement && node.await) this.#suspend(node, open);
        return this.#leavable(open, () => [open, this.#parts(node, open)]);
      }
      case T.ReturnStatement:
      case T.ThrowStatement:
        this.#parts(node, open);
        return undefined;
      case T.BreakStatement:
      case T.ContinueStatement:
        for (const ways of this.#left) ways.push(open);
        return undefined;
      case T.AwaitExpression:
      case T.YieldExpression: {
        const after = this.#parts(node, open);
        this.#suspend(node, after);
        return after;
      }
      case T.CallExpression:
        return this.#call(node, this.#parts(node, open));
      default:
        return this.#parts(node, open);
    }
  }

  /** A loop or a switch, which can be left from inside. */
  #leavable(before: Open, ways: () => Open[]): Open {
    const left: Open[] = [];
    this.#left.push(left);
    const ends = ways();
    this.#left.pop();
    return meet(before, [...ends, ...left]);
  }

  #all(nodes: readonly Node[], open: Open): Open {
    let at = open;
    for (const node of nodes) at = this.#visit(node, at);
    return at;
  }

  #parts(node: Node, open: Open): Open {
    return this.#all([...children(node, this.#keys)], open);
  }

  #suspend(node: Node, open: Open): void {
    const innermost = open?.at(-1);
    if (innermost !== undefined) this.#found.push({ node, pushed: innermost.node });
  }

  #call(node: TSESTree.CallExpression, open: Open): Open {
    const callee = unwrapped(node.callee);
    if (open === undefined || callee.type !== T.MemberExpression) return open;
    const name = memberName(callee);
    if (name !== 'pushErrorScope' && name !== 'popErrorScope') return open;
    const type = this.#resolver.typeName(callee.object);
    // A class of somebody's own may take care of it.
    if (this.#resolver.typed && type !== undefined && type !== 'GPUDevice') return open;
    const device = pathOf(callee.object);
    if (name === 'pushErrorScope') return [...open, { node, device }];
    const own = open.findLastIndex((one) => one.device === device);
    const closed = own < 0 ? open.length - 1 : own;
    return open.filter((_, index) => index !== closed);
  }
}

/** Where paths meet: what some path has opened, without what some path has closed. */
function meet(before: Open, ways: readonly Open[]): Open {
  const alive = ways.filter((way) => way !== undefined);
  if (alive.length === 0) return undefined;
  const closed = new Set((before ?? []).filter((scope) => alive.some((way) => !way.includes(scope))));
  const all = new Set(alive.flat());
  return [...all].filter((scope) => !closed.has(scope));
}
