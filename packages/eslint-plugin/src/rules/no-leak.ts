import type { TSESLint } from '@typescript-eslint/utils';
import { analyse, resourceFindingsOf } from '../analysis/analysis.js';
import type { FindingOf } from '../analysis/finding.js';
import type { ResourceType } from '../types/declared-resources.js';
import { createRule, line, type FenceRule } from './create-rule.js';
import { ofResources } from './of-resources.js';
import { declarationOf, insertBefore } from './suggest.js';

type MessageIds =
  | 'lost'
  | 'lostAtEnd'
  | 'lostByThrow'
  | 'lostByCall'
  | 'overwritten'
  | 'lostAtYield'
  | 'handedOver'
  | 'releaseBefore';

const rule: FenceRule<MessageIds> = createRule<MessageIds>(
  {
    name: 'no-leak',
    meta: {
      type: 'problem',
      docs: {
        description: 'Require every declared resource to be released, stored or handed on, on every path',
        set: 'resources',
        requiresTypeChecking: true,
      },
      hasSuggestions: true,
      messages: {
        lost: "The {{type}} '{{name}}', taken on line {{taken}}, is lost on line {{lost}}: this path neither calls {{release}}() nor hands it on.",
        lostAtEnd:
          "The {{type}} '{{name}}', taken on line {{taken}}, is lost on line {{lost}}, where its block ends without a {{release}}().",
        lostByThrow:
          "The {{type}} '{{name}}', taken on line {{taken}}, is lost by the throw on line {{lost}}: call {{release}}() in a finally.",
        lostByCall:
          "The {{type}} '{{name}}', taken on line {{taken}}, is lost when the call on line {{lost}} throws into the catch: call {{release}}() in a finally.",
        overwritten:
          "The {{type}} '{{name}}', taken on line {{taken}}, is overwritten on line {{lost}} before a {{release}}().",
        lostAtYield:
          "The {{type}} '{{name}}', taken on line {{taken}}, is lost if the consumer stops at the yield on line {{lost}}: call {{release}}() in a finally.",
        handedOver:
          "The {{type}} '{{name}}' is handed over to this function on line {{taken}}, but lost on line {{lost}} without a {{release}}().",
        releaseBefore: 'Call {{release}}() before this exit.',
      },
      schema: [],
    },
    create(context) {
      return {
        'Program:exit'() {
          for (const { finding, resource } of resourceFindingsOf(analyse(context), 'leak')) {
            const lost = finding.how === 'end' ? finding.lostAt.loc.end.line : line(finding.lostAt);
            const release = releaseOf(resource);
            context.report({
              node: finding.node,
              messageId: messageFor(finding),
              data: {
                type: resource.name,
                name: finding.name,
                taken: String(line(finding.node)),
                lost: String(lost),
                release,
              },
              suggest: suggestions(context.sourceCode, finding, resource),
            });
          }
        },
      };
    },
  },
  ofResources,
);

/** The method that gives a resource back, as messages name it. */
export function releaseOf({ row }: ResourceType): string {
  return row.release?.[0] ?? 'release';
}

function messageFor({ how, isParameter }: FindingOf<'leak'>): MessageIds {
  if (isParameter) return 'handedOver';
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
  { node, how, lostAt }: FindingOf<'leak'>,
  resource: ResourceType,
): TSESLint.ReportSuggestionArray<MessageIds> {
  const release = releaseOf(resource);
  const declared = declarationOf(node);
  const isExit = how === 'return' || how === 'throw' || how === 'break' || how === 'continue';
  if (declared === undefined || !isExit) return [];
  const access = release.startsWith('[') ? release : `.${release}`;
  const call = `${resource.row.awaitRelease === true ? 'await ' : ''}${declared.name}${access}();`;
  const fix = insertBefore(sourceCode, lostAt, call);
  return fix === undefined ? [] : [{ messageId: 'releaseBefore', data: { release }, fix }];
}

export default rule;
