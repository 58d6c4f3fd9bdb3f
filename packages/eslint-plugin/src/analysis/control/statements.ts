import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { bind } from '../values/assignments.js';
import { captureInClass, carryAway, escape } from '../values/closures.js';
import { branch, join } from './conditions.js';
import { sweep } from './exits.js';
import { evaluate } from '../values/expressions.js';
import { executeLoop } from './loops.js';
import { asFence, putBorrowed, transfer, use } from '../state/ownership.js';
import { completion, type Abrupt, type Completion, type Run } from '../run.js';
import { leaveScope } from './scopes.js';
import { merged, slotId, type State } from '../state/state.js';
import { memberName, unwrapped, type Node } from '../text/syntax.js';
import { nothing, unknown, type Value } from '../state/value.js';

/** The ways a block can be left, its variables' lives ended. */
export function executeBlock(
  run: Run,
  statements: readonly Node[],
  states: readonly State[],
  scope: Node,
): Completion {
  const done = completion([...states]);
  for (const statement of statements) {
    if (done.normal.length === 0) break;
    absorb(done, executeAll(run, statement, done.normal));
  }
  return leaveScope(run, done, scope);
}

/** Adds a statement's ways out to those of the block around it; its normal end becomes the block's. */
export function absorb(done: Completion, next: Completion): void {
  done.normal = next.normal;
  done.breaks.push(...next.breaks);
  done.continues.push(...next.continues);
  done.returns.push(...next.returns);
  done.throws.push(...next.throws);
}

/** A statement from several states. */
export function executeAll(run: Run, statement: Node, states: readonly State[]): Completion {
  const done = completion();
  for (const state of merged(states)) {
    const next = execute(run, statement, state);
    done.normal.push(...next.normal);
    done.breaks.push(...next.breaks);
    done.continues.push(...next.continues);
    done.returns.push(...next.returns);
    done.throws.push(...next.throws);
  }
  done.normal = merged(done.normal);
  run.limit(done.normal);
  if (done.throws.length > 1) done.throws.splice(0, done.throws.length, ...distinct(done.throws));
  return done;
}

/** Paths that leave at the same place with the same ownership are one. */
function distinct(list: readonly Abrupt[]): Abrupt[] {
  const seen = new Map<string, Abrupt>();
  for (const abrupt of list) {
    const key = `${abrupt.how}@${String(abrupt.node.range[0])}|${abrupt.state.signature()}`;
    if (!seen.has(key)) seen.set(key, abrupt);
  }
  return [...seen.values()];
}

/** Does something whose calls may throw, and adds those paths to the statement's ways out. */
export function throwing(run: Run, done: Completion, work: () => void): Completion {
  const outer = run.thrown;
  run.thrown = [];
  work();
  done.throws.push(...run.thrown);
  run.thrown = outer;
  return done;
}

function execute(run: Run, node: Node, state: State): Completion {
  run.step();
  switch (node.type) {
    case T.BlockStatement:
    case T.StaticBlock:
      return executeBlock(run, node.body, [state], node);
    case T.ExpressionStatement:
      return executeExpression(run, node, state);
    case T.VariableDeclaration:
      return executeDeclaration(run, node, state);
    case T.ReturnStatement:
      return executeReturn(run, node, state);
    case T.ThrowStatement: {
      const done = completion();
      return throwing(run, done, () => {
        for (const outcome of evaluate(run, node.argument, state))
          done.throws.push({ state: outcome.state, node, how: 'throw' });
      });
    }
    case T.IfStatement:
      return executeIf(run, node, state);
    case T.BreakStatement: {
      const done = completion();
      done.breaks.push({ state, node, how: 'break', label: node.label?.name });
      return done;
    }
    case T.ContinueStatement: {
      const done = completion();
      done.continues.push({ state, node, how: 'continue', label: node.label?.name });
      return done;
    }
    case T.LabeledStatement:
      return executeLabeled(run, node, state);
    case T.ForStatement:
    case T.ForInStatement:
    case T.ForOfStatement:
    case T.WhileStatement:
    case T.DoWhileStatement:
      return executeLoop(run, node, state);
    case T.SwitchStatement:
      return executeSwitch(run, node, state);
    case T.TryStatement:
      return executeTry(run, node, state);
    case T.ExportNamedDeclaration:
      return node.declaration ? execute(run, node.declaration, state) : completion([state]);
    case T.ExportDefaultDeclaration:
      return completion([state]);
    case T.ClassDeclaration:
      captureInClass(run, state, node);
      return completion([state]);
    default:
      return completion([state]);
  }
}

function executeExpression(run: Run, node: TSESTree.ExpressionStatement, state: State): Completion {
  const done = completion();
  return throwing(run, done, () => {
    const before = run.fresh;
    run.fresh = new Set();
    done.normal = evaluate(run, node.expression, state).map((outcome) => outcome.state);
    for (const each of done.normal) sweep(run, each);
    run.fresh = before;
  });
}

function executeDeclaration(run: Run, node: TSESTree.VariableDeclaration, state: State): Completion {
  const done = completion([state]);
  return throwing(run, done, () => {
    for (const { id, init } of node.declarations) {
      const before = run.fresh;
      run.fresh = new Set();
      done.normal = merged(
        done.normal.flatMap((each) => {
          const outcomes =
            init === null
              ? [{ state: each, value: node.kind === 'var' ? unknown : nothing }]
              : evaluate(run, init, each);
          return outcomes.map(({ state: after, value }) => {
            const source = init ?? id;
            const scoped = node.kind.includes('using') ? declareUsing(run, after, value, source, id) : value;
            bind(run, after, id, scoped, source, init ?? node);
            settleGuard(after, scoped);
            sweep(run, after);
            return after;
          });
        }),
      );
      run.fresh = before;
    }
  });
}

/** An acquire context with a name may be kept for reuse: only one that nobody can reach is lost. */
function settleGuard(state: State, value: Value): void {
  if (value.kind !== 'guard') return;
  const reference = state.references.get(value.reference);
  if (reference?.resource === 'acquire context') state.update(reference.id, { status: 'shared' });
}

/** `using` puts at the end of the block: the reference is the block's. */
function declareUsing(run: Run, state: State, value: Value, source: Node, id: Node): Value {
  const fence = asFence(run, value, source);
  if (fence === undefined) return value;
  const reference = fence.reference === undefined ? undefined : state.references.get(fence.reference);
  if (reference === undefined) {
    const floating = state
      .referencesOn(fence.object)
      .findLast((one) => one.status === 'owned' && one.floating === true);
    if (floating !== undefined) {
      run.consumed.add(floating.site);
      state.update(floating.id, { status: 'scoped', at: id, floating: false });
      return { ...fence, reference: floating.id };
    }
    if (state.referencesOn(fence.object).some(({ status }) => status === 'shared')) return fence;
    putBorrowed(run, fence, source, true);
    return fence;
  }
  // What stands in a field is the block's from here: `using fence = this.slot; this.slot = undefined`.
  if (reference.status === 'owned' || reference.holder === slotId) {
    run.consumed.add(reference.site);
    if (reference.holder === slotId) run.putsFromPlace ??= id;
    state.update(reference.id, { status: 'scoped', at: id, holder: undefined });
  } else if (reference.status !== 'shared') {
    const ending = reference.status === 'scoped' ? 'using' : reference.status === 'put' ? 'put' : 'moved';
    run.report({ kind: 'double put', node: source, name: reference.name, before: reference.at, ending });
  }
  return fence;
}

function executeReturn(run: Run, node: TSESTree.ReturnStatement, state: State): Completion {
  const done = completion();
  const { argument } = node;
  if (argument === null) {
    done.returns.push({ state, node, how: 'return', value: nothing });
    return done;
  }
  return throwing(run, done, () => {
    const before = run.fresh;
    run.fresh = new Set();
    for (const { state: after, value } of evaluate(run, argument, state)) {
      leaveWith(run, after, value, argument);
      if (run.inlined.length === 0) sweep(run, after);
      done.returns.push({ state: after, node, how: 'return', value });
    }
    const fresh = run.fresh;
    run.fresh = before;
    if (run.inlined.length > 0) for (const id of fresh) before.add(id);
  });
}

/** What a function returns is its caller's; of an unawaited wait, the promise still needs the fence. */
export function leaveWith(run: Run, state: State, value: Value, argument: Node): void {
  const waited = waitedFor(run, state, argument);
  if (waited !== undefined) state.waiting = { reference: waited, node: argument };
  if (run.inlined.length > 0) {
    if (value.kind === 'closure') carryAway(run, state, value.node, argument);
    return;
  }
  if (run.returnsBorrowed || (value.kind === 'fence' && run.resolver.isLender(run.root))) {
    if (value.kind === 'fence') use(run, state, value, argument, 'return');
    return;
  }
  if (value.kind === 'closure') escape(run, state, value.node, argument, { outlives: true });
  else
    transfer(
      run,
      state,
      value.kind === 'unknown' ? (asFence(run, value, argument) ?? value) : value,
      argument,
      { how: 'return' },
    );
}

/** `return fence.wait()`: the reference on that fence. */
function waitedFor(run: Run, state: State, argument: Node): string | undefined {
  const call = unwrapped(argument);
  if (call.type !== T.CallExpression) return undefined;
  const callee = unwrapped(call.callee);
  if (callee.type !== T.MemberExpression || memberName(callee) !== 'wait') return undefined;
  const object = unwrapped(callee.object);
  const variable = object.type === T.Identifier ? run.names.variable(object) : undefined;
  const value = variable && state.variables.get(variable);
  return value?.kind === 'fence' ? value.reference : undefined;
}

function executeIf(run: Run, node: TSESTree.IfStatement, state: State): Completion {
  const done = completion();
  return throwing(run, done, () => {
    const before = run.fresh;
    run.fresh = new Set();
    const { yes, no } = branch(run, node.test, state);
    for (const each of [...yes, ...no]) sweep(run, each);
    run.fresh = before;
    const then = executeAll(run, node.consequent, yes);
    const otherwise = node.alternate === null ? completion(no) : executeAll(run, node.alternate, no);
    absorb(done, then);
    const normal = done.normal;
    absorb(done, otherwise);
    done.normal = merged([...normal, ...otherwise.normal]);
  });
}

function executeLabeled(run: Run, node: TSESTree.LabeledStatement, state: State): Completion {
  const done = execute(run, node.body, state);
  const label = node.label.name;
  const here = done.breaks.filter((one) => one.label === label);
  const result = completion(merged([...done.normal, ...here.map((one) => one.state)]));
  result.breaks.push(...done.breaks.filter((one) => one.label !== label));
  result.continues.push(...done.continues);
  result.returns.push(...done.returns);
  result.throws.push(...done.throws);
  return result;
}

function executeSwitch(run: Run, node: TSESTree.SwitchStatement, state: State): Completion {
  const done = completion();
  return throwing(run, done, () => {
    let undecided = evaluate(run, node.discriminant, state).map((outcome) => outcome.state);
    const entries: State[][] = [];
    for (const { test } of node.cases) {
      if (test === null) {
        entries.push([]);
        continue;
      }
      const branches = join(undecided.map((each) => branch(run, equality(node.discriminant, test), each)));
      entries.push(branches.yes);
      undecided = branches.no;
    }
    const fallback = node.cases.findIndex(({ test }) => test === null);
    if (fallback >= 0) entries[fallback] = undecided;
    let current: State[] = [];
    for (const [index, { consequent }] of node.cases.entries()) {
      current = merged([...current, ...(entries[index] ?? [])]);
      const inner = completion(current);
      for (const statement of consequent) {
        if (inner.normal.length === 0) break;
        absorb(inner, executeAll(run, statement, inner.normal));
      }
      current = inner.normal;
      inner.normal = [];
      absorb(done, inner);
    }
    done.normal = [...current, ...(fallback < 0 && !run.resolver.isExhaustive(node) ? undecided : [])];
    leaveScope(run, done, node);
    const broken = done.breaks.filter((one) => one.label === undefined);
    const labelled = done.breaks.filter((one) => one.label !== undefined);
    done.breaks.splice(0, done.breaks.length, ...labelled);
    done.normal = merged([...done.normal, ...broken.map((one) => one.state)]);
  });
}

/** `case x:` asks `discriminant === x`. */
function equality(left: TSESTree.Expression, right: TSESTree.Expression): Node {
  return {
    type: T.BinaryExpression,
    operator: '===',
    left,
    right,
    range: right.range,
    loc: right.loc,
    parent: right.parent,
  } as unknown as Node;
}

function executeTry(run: Run, node: TSESTree.TryStatement, state: State): Completion {
  const { block, handler, finalizer } = node;
  if (handler !== null) run.catchDepth += 1;
  const tried = executeBlock(run, block.body, [state.clone()], block);
  if (handler !== null) run.catchDepth -= 1;
  let done = tried;
  if (handler !== null) {
    // A consumer that leaves a generator does not pass through `catch`.
    const caught = tried.throws.filter((one) => one.how !== 'yield');
    done = completion(tried.normal);
    done.breaks.push(...tried.breaks);
    done.continues.push(...tried.continues);
    done.returns.push(...tried.returns);
    done.throws.push(...tried.throws.filter((one) => one.how === 'yield'));
    const states = merged(caught.map((one) => one.state));
    const handled = leaveScope(run, executeBlock(run, handler.body.body, states, handler.body), handler);
    const normal = done.normal;
    absorb(done, handled);
    done.normal = merged([...normal, ...handled.normal]);
  }
  return finalizer === null ? done : throughFinally(run, done, finalizer);
}

/** `finally` runs once for each way of leaving, and hands that way on unless it leaves by itself. */
function throughFinally(run: Run, before: Completion, finalizer: TSESTree.BlockStatement): Completion {
  const done = completion();
  const pass = (states: readonly State[]): State[] => {
    const inner = executeBlock(run, finalizer.body, states, finalizer);
    const { normal } = inner;
    inner.normal = [];
    absorb(done, inner);
    return normal;
  };
  const normal = pass(before.normal);
  for (const [from, to] of [
    [before.breaks, done.breaks],
    [before.continues, done.continues],
    [before.returns, done.returns],
    [before.throws, done.throws],
  ] as const) {
    const kept: Abrupt[] = from.flatMap((abrupt) =>
      pass([abrupt.state]).map((state) => ({ ...abrupt, state })),
    );
    to.push(...kept);
  }
  done.normal = merged(normal);
  return done;
}
