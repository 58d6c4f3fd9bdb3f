import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { docTags } from '../types/doc-comment.js';
import type { Resolver } from '../types/resolver.js';
import { evaluate } from './values/expressions.js';
import { lose } from './control/exits.js';
import { judge } from './judgement/judge.js';
import type { Names } from './text/names.js';
import { bindParameters } from './values/parameters.js';
import { completion, Run, type AnalysisOptions, type Completion } from './run.js';
import { leaveScope } from './control/scopes.js';
import { beginSection } from './state/sections.js';
import type { Place } from './protocol/place.js';
import { fill, leftPut } from './protocol/slot.js';
import { State } from './state/state.js';
import { executeAll, executeBlock, leaveWith, throwing } from './control/statements.js';
import type { Summaries, Summary } from './judgement/summaries.js';
import type { FunctionNode } from './text/syntax.js';
import { summarise } from './judgement/learned-summary.js';

/** What an interpretation needs to know of the file around a function. */
export interface FileKnowledge {
  readonly names: Names;
  readonly resolver: Resolver;
  readonly summaries: Summaries;
  readonly options: AnalysisOptions;
}

/** Interprets one function, or the top level of a module, and answers what is wrong in it. */
export function interpret(file: FileKnowledge, root: FunctionNode | TSESTree.Program): Run {
  const run = begin(file, root, false);
  judge(run, ways(run));
  return run;
}

/** Interprets a function with a look at one place that it uses, and finds it full. */
export function interpretWith(file: FileKnowledge, root: FunctionNode, place: Place): Run {
  const run = begin(file, root, false, place);
  const done = ways(run);
  run.leavesPut = leftPut([...done.normal, ...done.returns.map(({ state }) => state)]);
  judge(run, done);
  return run;
}

/** Interprets a function only to learn what it does with its parameters. */
export function summaryOf(file: FileKnowledge, fn: FunctionNode): Summary | undefined {
  if (fn.generator) return undefined;
  const run = begin(file, fn, true);
  return summarise(run, fn, ways(run));
}

function begin(
  file: FileKnowledge,
  root: FunctionNode | TSESTree.Program,
  probing: boolean,
  place?: Place,
): Run {
  const tags = root.type === T.Program ? undefined : docTags(file.names.sourceCode, root);
  const returnsBorrowed =
    tags?.borrowed === true || (root.type !== T.Program && returnBrand(root) === 'Borrowed');
  return new Run({ ...file, root, probing, returnsBorrowed, place });
}

function returnBrand(fn: FunctionNode): string | undefined {
  const type = fn.returnType?.typeAnnotation;
  const parts = type?.type === T.TSUnionType ? type.types : [type];
  for (const part of parts)
    if (
      part?.type === T.TSTypeReference &&
      part.typeName.type === T.Identifier &&
      part.typeName.name === 'Borrowed'
    )
      return 'Borrowed';
  return undefined;
}

/** Every way out of a function, before anything is judged. */
function ways(run: Run): Completion {
  const { root } = run;
  const state = new State();
  if (run.place !== undefined) fill(state, run.place);
  if (root.type === T.Program) return executeProgram(run, root, state);
  const tags = docTags(run.names.sourceCode, root);
  bindParameters(run, state, root, tags);
  run.fresh.clear();
  if (tags?.signallingPath === true) beginSection(state, { kind: 'path', node: root, of: 'path' });
  let done = completion([state]);
  if (root.body.type === T.BlockStatement) {
    done.normal = [];
    done = throwing(run, done, () => {
      const defaults = applyDefaults(run, root, state);
      const body = executeBlock(
        run,
        root.body.type === T.BlockStatement ? root.body.body : [],
        defaults,
        root.body,
      );
      done.normal = body.normal;
      done.breaks.push(...body.breaks);
      done.continues.push(...body.continues);
      done.returns.push(...body.returns);
      done.throws.push(...body.throws);
    });
  } else {
    const body = root.body;
    done.normal = [];
    done = throwing(run, done, () => {
      for (const { state: after, value } of evaluate(run, body, state)) {
        leaveWith(run, after, value, body);
        done.returns.push({ state: after, node: body, how: 'return', value });
      }
    });
  }
  settleConditional(run, done);
  return leaveScope(run, done, root);
}

function executeProgram(run: Run, root: TSESTree.Program, state: State): Completion {
  const done = completion([state]);
  for (const statement of root.body) {
    if (done.normal.length === 0) break;
    const next = executeAll(run, statement, done.normal);
    done.normal = next.normal;
    done.throws.push(...next.throws);
  }
  return done;
}

/** Default values are evaluated for what they call; which one applies is not followed. */
function applyDefaults(run: Run, fn: FunctionNode, state: State): State[] {
  let states = [state];
  for (const parameter of fn.params) {
    if (parameter.type !== T.AssignmentPattern) continue;
    states = states.flatMap((each) => evaluate(run, parameter.right, each).map((outcome) => outcome.state));
  }
  return states;
}

/** `@consumes p - only when the call returns true`: decided at each `return true` and `return false`. */
function settleConditional(run: Run, done: Completion): void {
  if (run.probing) return;
  for (const { state, value, node } of done.returns) {
    if (value?.kind !== 'constant') continue;
    for (const reference of state.references.values()) {
      const { parameter } = reference;
      if (parameter !== 'when true' && parameter !== 'when false') continue;
      if (reference.status !== 'owned' || value.value !== (parameter === 'when true')) continue;
      lose(run, state, { ...reference, parameter: 'always' }, node, 'return');
    }
  }
}
