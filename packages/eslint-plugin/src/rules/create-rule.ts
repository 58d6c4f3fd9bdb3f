import { ESLintUtils } from '@typescript-eslint/utils';
import { concernsFences, type AnalysisContext } from '../analysis/analysis.js';

/** In which configurations a rule is on; each one has those before it too, but `resources` is by itself. */
export type RuleSet = 'recommended' | 'strict' | 'all' | 'resources';

export interface RuleDocs {
  /** The smallest configuration that has the rule. */
  readonly set: RuleSet;
  /** Whether the rule needs types to say anything; without it, it falls back to imports and annotations. */
  readonly requiresTypeChecking: boolean;
}

export type FenceRule<
  MessageIds extends string,
  Options extends readonly unknown[] = [],
> = ESLintUtils.RuleModule<MessageIds, Options, RuleDocs>;

const create = ESLintUtils.RuleCreator<RuleDocs>(
  (name) => `https://github.com/dma-fence/dma-fence/blob/main/packages/eslint-plugin/docs/rules/${name}.md`,
);

/** Makes a rule whose documentation lies in `docs/rules`; `concerns` says by one look at the text which files it is for. */
export function createRule<MessageIds extends string, Options extends readonly unknown[] = []>(
  rule: Readonly<ESLintUtils.RuleWithMetaAndName<Options, MessageIds, RuleDocs>>,
  concerns: (context: AnalysisContext) => boolean = concernsFences,
): FenceRule<MessageIds, Options> {
  const module = create<Options, MessageIds>(rule);
  return {
    ...module,
    // Most files of most projects end here: with no listener, and no option read.
    create: (context) => (concerns(context) ? module.create(context) : {}),
  };
}

/** Where messages point: the line a node starts on. */
export function line(node: { loc: { start: { line: number } } }): number {
  return node.loc.start.line;
}
