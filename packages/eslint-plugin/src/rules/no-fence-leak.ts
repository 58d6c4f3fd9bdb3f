import type { TSESLint } from '@typescript-eslint/utils';
import { analyse, defaultOptions, findingsOf } from '../analysis/analysis.js';
import type { FindingOf } from '../analysis/finding.js';
import { BudgetExceeded, type AnalysisOptions } from '../analysis/run.js';
import { readSettings } from '../types/settings.js';
import { createRule, line, type FenceRule } from './create-rule.js';
import { declarationOf, insertBefore, useUsing } from './suggest.js';

type MessageIds =
  | 'lost'
  | 'lostAtEnd'
  | 'lostByThrow'
  | 'lostByCall'
  | 'overwritten'
  | 'lostAtYield'
  | 'parameterLost'
  | 'passedOver'
  | 'declareUsing'
  | 'putBefore';
type Options = [Partial<AnalysisOptions>];

const rule: FenceRule<MessageIds, Options> = createRule<MessageIds, Options>({
  name: 'no-fence-leak',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require every fence reference to be put, stored or handed on, on every path',
      set: 'recommended',
      requiresTypeChecking: true,
    },
    hasSuggestions: true,
    messages: {
      lost: "'{{name}}', taken on line {{taken}}, is lost on line {{lost}}: this path neither puts it nor hands it on.",
      lostAtEnd:
        "'{{name}}', taken on line {{taken}}, is lost on line {{lost}}, where its block ends without a put().",
      lostByThrow: "'{{name}}', taken on line {{taken}}, is lost by the throw on line {{lost}}.",
      lostByCall:
        "'{{name}}', taken on line {{taken}}, is lost when the call on line {{lost}} throws into the catch.",
      overwritten:
        "'{{name}}', taken on line {{taken}}, is overwritten on line {{lost}} while it still has to be put.",
      lostAtYield:
        "'{{name}}', taken on line {{taken}}, is lost if the consumer stops at the yield on line {{lost}}: put it in a finally or declare it with using.",
      parameterLost:
        "'{{name}}' is handed over to this function on line {{taken}}, but lost on line {{lost}} without a put().",
      passedOver: 'This function was passed over by all rules: {{reason}}.',
      declareUsing: 'Declare it with using, so that every exit puts it.',
      putBefore: 'Put it before this exit.',
    },
    schema: [
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          throwPaths: {
            type: 'string',
            enum: ['explicit', 'await', 'all'],
            description:
              'Which code can throw: only throw statements and calls under a catch (explicit), also every await, or every call.',
          },
          unknownCallee: {
            type: 'string',
            enum: ['borrow', 'escape'],
            description:
              'What a function without ownership tags does with a fence it is given: only look at it (borrow), or perhaps keep it (escape).',
          },
        },
      },
    ],
    defaultOptions: [{}],
  },
  create(context, [given]) {
    const options: AnalysisOptions = { ...defaultOptions, ...given };
    return {
      'Program:exit'() {
        const analysis = analyse(context, options);
        if (analysis !== undefined && readSettings(context.settings).debug)
          for (const { node, reason } of analysis.surrendered)
            context.report({
              loc: { start: node.loc.start, end: node.loc.start },
              messageId: 'passedOver',
              data: { reason: reasonOf(reason) },
            });
        for (const finding of findingsOf(analysis, 'leak')) {
          if (finding.resource !== 'fence') continue;
          const lost = finding.how === 'end' ? finding.lostAt.loc.end.line : line(finding.lostAt);
          context.report({
            node: finding.node,
            messageId: messageFor(finding),
            data: { name: finding.name, taken: line(finding.node), lost },
            suggest: suggestions(context.sourceCode, finding),
          });
        }
      },
    };
  },
});

function reasonOf(reason: unknown): string {
  if (reason instanceof BudgetExceeded) return 'it has more paths than a lint run should pay for';
  return `the analysis failed, which is a fault of the plugin (${String(reason)})`;
}

function messageFor({ how, isParameter }: FindingOf<'leak'>): MessageIds {
  if (isParameter) return 'parameterLost';
  switch (how) {
    case 'end':
      return 'lostAtEnd';
    case 'throw':
      return 'lostByThrow';
    case 'call':
      return 'lostByCall';
    case 'yield':
      return 'lostAtYield';
    case 'overwrite':
    case 'again':
      return 'overwritten';
    default:
      return 'lost';
  }
}

function suggestions(
  sourceCode: Readonly<TSESLint.SourceCode>,
  finding: FindingOf<'leak'>,
): TSESLint.ReportSuggestionArray<MessageIds> {
  const list: TSESLint.SuggestionReportDescriptor<MessageIds>[] = [];
  const scoped = useUsing(finding.node);
  if (scoped !== undefined) list.push({ messageId: 'declareUsing', fix: scoped });
  const declared = declarationOf(finding.node);
  const isExit =
    finding.how === 'return' ||
    finding.how === 'throw' ||
    finding.how === 'break' ||
    finding.how === 'continue';
  const put =
    declared !== undefined && isExit
      ? insertBefore(sourceCode, finding.lostAt, `${declared.name}.put();`)
      : undefined;
  if (put !== undefined) list.push({ messageId: 'putBefore', fix: put });
  return list;
}

export default rule;
