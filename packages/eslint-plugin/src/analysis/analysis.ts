import type { ParserServicesWithTypeInformation, TSESLint, TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { hasPackage } from '../types/package-of.js';
import { CheckerResolver } from '../types/checker-resolver.js';
import { ImportResolver } from '../types/import-resolver.js';
import { concerns, resourcesFor, type Program } from '../types/resource-scope.js';
import type { Resolver } from '../types/resolver.js';
import type { ResourceType } from '../types/declared-resources.js';
import { readSettings, type Settings } from '../types/settings.js';
import { isRelevant } from '../types/vocabulary.js';
import { coreMethods } from './calls/core-methods.js';
import { contractBlocks } from './checks/blocking.js';
import { bodyThrows } from './checks/throwing.js';
import { keyOf, type Finding, type FindingKind, type FindingOf } from './finding.js';
import { interpret, interpretWith, summaryOf, type FileKnowledge } from './interpreter.js';
import { places, type Stored } from './protocol/place.js';
import { placeFindings, type PlaceLoss } from './protocol/protocols.js';
import { Names } from './text/names.js';
import type { AnalysisOptions, FieldStore } from './run.js';
import { Summaries } from './judgement/summaries.js';
import { descendants, isFunction, unwrapped, type FunctionNode, type Node } from './text/syntax.js';

/** Where an interpretation gave up, and why: for those who wonder why a function is silent. */
export interface Surrender {
  readonly node: TSESTree.Node;
  readonly reason: unknown;
}

/** Everything that one file's functions amount to. */
export interface Analysis extends FileKnowledge {
  /** The same, where a finding is about a resource that the settings declare. */
  readonly resourceFindings: readonly Finding[];
  /** Answers for declared resources as well as for fences. */
  readonly everything: Resolver;
  readonly findings: readonly Finding[];
  /** Calls of `addCallback` on a fence that was made on the spot and cannot have signaled. */
  readonly freshCallbacks: ReadonlySet<Node>;
  /** Owned fences written over a field of `this` that may still have held one. */
  readonly fieldStores: ReadonlyMap<Node, FieldStore>;
  /** Where an owned fence is written to a field of `this`, whoever it was taken from. */
  readonly ownedStores: ReadonlySet<Node>;
  /** References that fields and variables around functions owned, and that one of those functions loses. */
  readonly placeLosses: readonly PlaceLoss[];
  /** Where those are used of which it is known what each function does to them. */
  readonly judgedPlaces: ReadonlySet<Node>;
  /** Functions that were passed over in silence: too large for the budget, or of a form the analysis could not take. */
  readonly surrendered: readonly Surrender[];
  /** What the file cost, in statements and expressions visited. */
  readonly steps: number;
}

/** The part of a rule's context that the analysis looks at. */
export interface AnalysisContext {
  readonly sourceCode: Readonly<TSESLint.SourceCode>;
  readonly settings: Readonly<Record<string, unknown>>;
}

export const defaultOptions: AnalysisOptions = { throwPaths: 'explicit', unknownCallee: 'borrow' };

const analyses = new WeakMap<object, Map<string, Analysis | undefined>>();

const concerned = new WeakMap<object, boolean>();

/**
 * Whether a file may have to do with fences at all: one test of its text, for all rules; and of a file that has a word of
 * ours but not our name, whether its program has anything of ours, asked once a program.
 */
export function concernsFences({ sourceCode, settings }: AnalysisContext): boolean {
  let answer = concerned.get(sourceCode);
  if (answer === undefined) {
    answer = isRelevant(sourceCode.text) && mayHaveFences(sourceCode, settings);
    concerned.set(sourceCode, answer);
  }
  return answer;
}

function mayHaveFences(
  { text, parserServices }: Readonly<TSESLint.SourceCode>,
  settings: Readonly<Record<string, unknown>>,
): boolean {
  const program = parserServices?.program;
  if (!program) return true;
  const { packages, fenceTypes } = readSettings(settings);
  const wanted = [...packages, ...fenceTypes.map((type) => type.package)];
  return wanted.some((name) => text.includes(name)) || hasPackage(program, wanted);
}

const concernedByRows = new WeakMap<object, boolean>();

/** Whether a file may have to do with a resource that the settings declare: asked once, as cheaply. */
export function concernsResources({ sourceCode, settings }: AnalysisContext): boolean {
  let answer = concernedByRows.get(sourceCode);
  if (answer === undefined) {
    const program = sourceCode.parserServices?.program;
    const { resources } = readSettings(settings);
    answer = Boolean(program) && concerns(program as Program, resources, sourceCode.text);
    concernedByRows.set(sourceCode, answer);
  }
  return answer;
}

/** Who can be asked about a file's names and types, where no function has to be interpreted. */
export function resolverOf({ sourceCode, settings }: AnalysisContext): Resolver {
  return resolverFor(sourceCode, new Names(sourceCode), readSettings(settings));
}

/** The analysis of a file, done once for all rules that ask with the same options; undefined: no fence is ever named in it. */
export function analyse(
  context: AnalysisContext,
  options: AnalysisOptions = defaultOptions,
): Analysis | undefined {
  const { sourceCode } = context;
  let byOptions = analyses.get(sourceCode);
  if (byOptions === undefined) {
    byOptions = new Map();
    analyses.set(sourceCode, byOptions);
  }
  const key = `${options.throwPaths}/${options.unknownCallee}`;
  if (!byOptions.has(key)) {
    const isConcerned = concernsFences(context) || concernsResources(context);
    byOptions.set(key, isConcerned ? analyseFile(context, options) : undefined);
  }
  return byOptions.get(key);
}

/** The findings of some kinds, in the order of the text. */
export function findingsOf<K extends FindingKind>(
  analysis: Analysis | undefined,
  ...kinds: readonly K[]
): FindingOf<K>[] {
  const wanted: ReadonlySet<string> = new Set(kinds);
  return (analysis?.findings ?? []).filter((finding): finding is FindingOf<K> => wanted.has(finding.kind));
}

/** The findings of some kinds about declared resources, each with what it is about. */
export function resourceFindingsOf<K extends FindingKind>(
  analysis: Analysis | undefined,
  ...kinds: readonly K[]
): { finding: FindingOf<K>; resource: ResourceType }[] {
  const found: { finding: FindingOf<K>; resource: ResourceType }[] = [];
  const wanted: ReadonlySet<string> = new Set(kinds);
  for (const finding of analysis?.resourceFindings ?? []) {
    const resource = wanted.has(finding.kind) && analysis ? subjectOf(analysis, finding) : undefined;
    if (resource !== undefined) found.push({ finding: finding as FindingOf<K>, resource });
  }
  return found;
}

/** The declared resource that a finding is about; undefined: a fence. */
function subjectOf({ everything }: { everything: Resolver }, finding: Finding): ResourceType | undefined {
  const nodes: Node[] = [finding.node];
  if ('before' in finding) nodes.push(finding.before);
  if ('source' in finding) nodes.push(finding.source);
  if ('site' in finding) nodes.push(finding.site);
  return nodes.map((node) => resourceAt(everything, node)).find((one) => one !== undefined);
}

/** The declared resource that a place in the text has to do with: as its value, or as what a method is called on. */
export function resourceAt(resolver: Resolver, node: Node): ResourceType | undefined {
  const inner = unwrapped(node);
  const callee = inner.type === T.CallExpression ? unwrapped(inner.callee) : undefined;
  const receiver = callee?.type === T.MemberExpression ? resolver.typeOf(callee.object)?.resource : undefined;
  if (inner.type === T.AssignmentExpression)
    return resolver.typeOf(inner.right)?.resource ?? resolver.typeOf(inner.left)?.resource;
  return resolver.typeOf(inner)?.resource ?? receiver;
}

/** What is known of a file before any of its functions was looked at; `surrendered` gets what had to be given up. */
export function knowledgeOf(
  { sourceCode, settings }: AnalysisContext,
  options: AnalysisOptions,
  surrendered: Surrender[],
): FileKnowledge {
  const names = new Names(sourceCode);
  const summaries: Summaries = new Summaries(
    names,
    (fn) => attempt(surrendered, fn, () => summaryOf(knowledge, fn)),
    (fn) => attempt(surrendered, fn, () => contractBlocks(knowledge, fn)) === true,
    (fn) => attempt(surrendered, fn, () => bodyThrows(knowledge, fn)) !== false,
  );
  const resolver = resolverFor(sourceCode, names, readSettings(settings), true);
  const knowledge: FileKnowledge = { names, resolver, summaries, options };
  return knowledge;
}

/** Never the user's fault, and never worth a broken lint run. */
function attempt<R>(surrendered: Surrender[], node: TSESTree.Node, work: () => R): R | undefined {
  try {
    return work();
  } catch (reason) {
    surrendered.push({ node, reason });
    return undefined;
  }
}

function analyseFile(context: AnalysisContext, options: AnalysisOptions): Analysis {
  const { sourceCode } = context;
  const surrendered: Surrender[] = [];
  const knowledge = knowledgeOf(context, options, surrendered);
  const findings = new Map<string, Finding>();
  let steps = 0;
  const freshCallbacks = new Set<Node>();
  const fieldStores = new Map<Node, FieldStore>();
  const ownedStores = new Set<Node>();
  const stores = new Map<Node, Stored>();
  for (const root of roots(sourceCode)) {
    const run = attempt(surrendered, root, () => interpret(knowledge, root));
    if (run === undefined) continue;
    steps += run.steps;
    for (const [key, finding] of run.findings) if (!findings.has(key)) findings.set(key, finding);
    for (const node of run.freshCallbacks) if (!run.lateCallbacks.has(node)) freshCallbacks.add(node);
    for (const [node, stored] of run.stores) stores.set(node, stored);
    for (const node of run.ownedStores) ownedStores.add(node);
    for (const [node, store] of run.fieldStores) fieldStores.set(node, store);
  }
  const placeLosses: PlaceLoss[] = [];
  const judgedPlaces = new Set<Node>();
  for (const place of places(knowledge, stores)) {
    const found = attempt(surrendered, place.site, () =>
      placeFindings(knowledge, place, (file, root) => {
        const run = interpretWith(file, root, place);
        steps += run.steps;
        return run;
      }),
    );
    placeLosses.push(...(found?.losses ?? []));
    if (found?.isJudged === true) for (const mention of place.mentions) judgedPlaces.add(mention);
    for (const finding of found?.findings ?? []) {
      const key = keyOf(finding);
      if (!findings.has(key)) findings.set(key, finding);
    }
  }
  const everything = knowledge.resolver;
  const sorted = [...findings.values()].sort((a, b) => a.node.range[0] - b.node.range[0]);
  const hasResources = concernsResources(context);
  const isOfResource = (finding: Finding): boolean =>
    hasResources && subjectOf({ everything }, finding) !== undefined;
  return {
    ...knowledge,
    placeLosses,
    judgedPlaces,
    // The checks that rules make of their own speak of fences alone.
    resolver: hasResources ? resolverOf(context) : everything,
    everything,
    resourceFindings: sorted.filter((finding) => isOfResource(finding)),
    freshCallbacks,
    fieldStores,
    ownedStores,
    findings: sorted.filter((finding) => !isOfResource(finding)),
    surrendered,
    steps,
  };
}

function resolverFor(
  sourceCode: Readonly<TSESLint.SourceCode>,
  names: Names,
  settings: Settings,
  withResources = false,
): Resolver {
  const services = sourceCode.parserServices;
  // Without type information there is no program; under oxlint there are no services at all.
  if (services?.program) {
    const typed = services as ParserServicesWithTypeInformation;
    if (!withResources) return new CheckerResolver(typed, settings);
    const resolver = new CheckerResolver(typed, settings, resourcesFor(typed.program, settings.resources));
    if (settings.resources.length > 0)
      resolver.nameReleases(callsOf(sourceCode), (name) => coreMethods.has(name));
    return resolver;
  }
  return new ImportResolver(names, settings);
}

function* callsOf(sourceCode: Readonly<TSESLint.SourceCode>): Generator<TSESTree.CallExpression> {
  for (const node of descendants(sourceCode.ast, sourceCode.visitorKeys, { intoFunctions: true }))
    if (node.type === T.CallExpression) yield node;
}

function roots(sourceCode: Readonly<TSESLint.SourceCode>): (FunctionNode | TSESTree.Program)[] {
  const all: (FunctionNode | TSESTree.Program)[] = [sourceCode.ast];
  for (const node of descendants(sourceCode.ast, sourceCode.visitorKeys, { intoFunctions: true }))
    if (isFunction(node)) all.push(node);
  return all;
}
