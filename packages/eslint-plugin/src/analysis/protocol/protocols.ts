import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import type { Finding } from '../finding.js';
import type { FileKnowledge } from '../interpreter.js';
import { isEnding } from '../checks/emptied-fields.js';
import type { Run } from '../run.js';
import type { Reference } from '../state/state.js';
import {
  descendants,
  enclosingFunction,
  type FunctionNode,
  isEmptied,
  isMissing,
  isPutName,
  isWithin,
  isWritten,
  memberName,
  type Node,
  parentOf,
  pathOf,
  rootOf,
} from '../text/syntax.js';
import { memberAround, type Place } from './place.js';

/** A reference that a place owned, and that one of its functions takes out of it without putting it. */
export interface PlaceLoss {
  readonly node: Node;
  readonly place: string;
  /** Where the place got it. */
  readonly site: Node;
}

export interface PlaceFindings {
  readonly losses: readonly PlaceLoss[];
  /** References that were put twice, or used after that, where a place led to them. */
  readonly findings: readonly Finding[];
  /** Whether any function shows that the place is here to be emptied. */
  readonly isJudged: boolean;
}

/**
 * What the functions of a place do to what it owns, each called while it is full. Nothing is said of a place out of
 * which nobody here puts anything, and others are given what is in it: they may put that.
 */
export function placeFindings(
  file: FileKnowledge,
  place: Place,
  run: (file: FileKnowledge, root: FunctionNode, place: Place) => Run,
): PlaceFindings {
  const runs = place.members.map((member) => ({ member, done: run(file, member, place) }));
  const isPut = runs.some(({ done }) => done.putsFromPlace !== undefined);
  const survey: Survey = {
    place,
    isPut,
    keepers: runs
      .filter(
        ({ member, done }) =>
          !isEnding(member, []) && (done.putsFromPlace !== undefined || empties(place, member)),
      )
      .map(({ member }) => member),
    isManaged: runs.some(({ member, done }) => !isEnding(member, []) && done.putsFromPlace !== undefined),
    isLent: runs.some(({ done }) => done.lendsFromPlace),
  };
  if (!isPut && survey.isLent) return { losses: [], findings: [], isJudged: false };
  const losses = new Map<Node, PlaceLoss>();
  const findings: Finding[] = [];
  for (const { member, done } of runs) {
    for (const { reference, at } of done.placeLosses) {
      // Where it left the place, unless it is still in there.
      const node = reference.at === place.site ? at : reference.at;
      if (isSure(survey, member, { run: done, reference, at: node }))
        losses.set(node, { node, place: place.name, site: place.site });
    }
    for (const finding of done.findings.values())
      if ((finding.kind === 'double put' || finding.kind === 'use after put') && isOf(place, finding.name))
        findings.push(finding);
  }
  findings.push(...putAgain(file, place, runs));
  return { losses: [...losses.values()], findings, isJudged: isPut };
}

interface MemberRun {
  readonly member: FunctionNode;
  readonly done: Run;
}

/**
 * One function puts what is in the place and leaves it there; another one puts it again. Only of a place that some
 * function empties: of an object with one life, whoever uses it calls one of `finish()` and `cancel()`.
 */
function* putAgain(file: FileKnowledge, place: Place, runs: readonly MemberRun[]): Generator<Finding> {
  if (![...place.mentions].some((mention) => isTakenFrom(mention))) return;
  for (const { member, done } of runs) {
    if (done.leavesPut === undefined || isEnding(member, [])) continue;
    for (const { member: other, done: again } of runs) {
      if (other === member || again.putsFromPlace === undefined) continue;
      if (knowsOf(file, member, other, place)) continue;
      yield {
        kind: 'double put',
        node: again.putsFromPlace,
        name: done.leavesPut.name,
        before: done.leavesPut.at,
        ending: 'put',
      };
    }
  }
}

const emptying: ReadonlySet<string> = new Set(['delete', 'clear', 'shift', 'pop', 'splice']);

/** Whether a function takes something out of the place there. */
function isTakenFrom(mention: Node): boolean {
  const parent = parentOf(mention);
  if (isWritten(mention)) return true;
  if (parent?.type !== T.MemberExpression) return false;
  return emptying.has(memberName(parent) ?? '') || (memberName(parent) === 'length' && isWritten(parent));
}

/** Whether one function leaves word of what it did in something else that another one asks. */
function knowsOf({ names }: FileKnowledge, one: FunctionNode, other: FunctionNode, place: Place): boolean {
  const keys = names.sourceCode.visitorKeys;
  const written = new Set<string>();
  for (const node of descendants(one, keys, { intoFunctions: true })) {
    const target =
      node.type === T.AssignmentExpression
        ? node.left
        : node.type === T.UpdateExpression
          ? node.argument
          : node.type === T.CallExpression && node.callee.type === T.MemberExpression
            ? node.callee.object
            : undefined;
    if (target === undefined || place.mentions.has(target) || isOwnName(names, target, one)) continue;
    const path = pathOf(target);
    if (path !== undefined) written.add(path);
  }
  for (const node of descendants(other, keys, { intoFunctions: true })) {
    if (node.type !== T.MemberExpression && node.type !== T.Identifier) continue;
    const path = isWritten(node) ? undefined : pathOf(node);
    if (path !== undefined && written.has(path)) return true;
  }
  return false;
}

/** Whether an expression begins with a name of the function's own. */
function isOwnName(names: FileKnowledge['names'], expression: Node, fn: FunctionNode): boolean {
  const variable = names.variable(rootOf(expression));
  return variable?.identifiers.some((identifier) => isWithin(identifier, fn)) === true;
}

/** What all functions of a place together do with it. */
interface Survey {
  readonly place: Place;
  /** Whether any function puts what is in it. */
  readonly isPut: boolean;
  /** Those that put what is in it or empty it, while it goes on being used. */
  readonly keepers: readonly FunctionNode[];
  /** Whether one does while it goes on being used. */
  readonly isManaged: boolean;
  /** Whether somebody outside is given what is in it. */
  readonly isLent: boolean;
}

/** Whether what goes here is lost for sure, and no other name leads to it. */
function isSure(
  { place, keepers, isPut, isManaged, isLent }: Survey,
  member: FunctionNode,
  { run, reference, at }: { run: Run; reference: Reference; at: Node },
): boolean {
  // What the function puts under another name may be the very one; so may what others were given to put.
  if (reference.standing === 'unseen') return run.putSources.size === 0 && (isManaged || (isPut && !isLent));
  if (at.type !== T.AssignmentExpression || place.content !== 'single' || isMissing(at.right)) return true;
  // `begin()` stores and `end()` puts: a protocol that the users of the object follow.
  return isAskedBefore(place, run, at) || (keepers.every((one) => one === member) && !isEmptiedLater(place));
}

/** Whether a function sets the place to undefined. */
function empties(place: Place, member: FunctionNode): boolean {
  return [...place.mentions].some((mention) => isWithin(mention, member) && isEmptied(mention));
}

/** Whether a function inside of another one, which runs who knows when, sets the place to undefined. */
function isEmptiedLater({ mentions, site }: Place): boolean {
  return [...mentions].some(
    (mention) => isEmptied(mention) && enclosingFunction(mention) !== memberAround(mention, site),
  );
}

function isOf({ name, records }: Place, text: string): boolean {
  return text === name || records?.some((one) => text === `${name}.${one}`) === true;
}

/** Written over by a function that looked at it, and so knows that it may be full. */
function isAskedBefore(place: Place, { root, inlined }: Run, at: TSESTree.AssignmentExpression): boolean {
  const isHere = (node: Node): boolean => [root, ...inlined].some((fn) => isWithin(node, fn));
  for (const mention of place.mentions) {
    // What is written over may be asked for what is written: `head = chain(head, fence)`.
    if (!isHere(mention) || mention.range[0] >= at.range[1] || mention === at.left) continue;
    const parent = parentOf(mention);
    const isPut = parent?.type === T.MemberExpression && isPutName(memberName(parent));
    if (!isPut) return true;
  }
  return false;
}
