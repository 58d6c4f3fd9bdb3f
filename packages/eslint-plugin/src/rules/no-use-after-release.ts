import { analyse, resourceFindingsOf } from '../analysis/analysis.js';
import type { FindingOf } from '../analysis/finding.js';
import { createRule, line, type FenceRule } from './create-rule.js';
import { ofResources } from './of-resources.js';

type MessageIds = 'used' | 'returned' | 'handedOn' | 'scopedReturned' | 'scopedHandedOn' | 'waited';

const rule: FenceRule<MessageIds> = createRule<MessageIds>(
  {
    name: 'no-use-after-release',
    meta: {
      type: 'problem',
      docs: {
        description: 'Disallow using a declared resource after its release',
        set: 'resources',
        requiresTypeChecking: true,
      },
      messages: {
        used: "The {{type}} '{{name}}' is used here, after line {{before}} released it.",
        returned: "The {{type}} '{{name}}' is returned here, after line {{before}} released it.",
        handedOn: "The {{type}} '{{name}}' is handed on here, after line {{before}} released it.",
        scopedReturned:
          "The {{type}} '{{name}}' is returned here, but the using of line {{before}} releases it on the way out.",
        scopedHandedOn:
          "The {{type}} '{{name}}' is handed on here, but the using of line {{before}} releases it at the end of its block.",
        waited:
          "What is awaited of the {{type}} '{{name}}' is returned before it is over, and line {{before}} releases it on the way out.",
      },
      schema: [],
    },
    create(context) {
      return {
        'Program:exit'() {
          for (const { finding, resource } of resourceFindingsOf(analyse(context), 'use after put')) {
            context.report({
              node: finding.node,
              messageId: messageFor(finding),
              data: { type: resource.name, name: finding.name, before: String(line(finding.before)) },
            });
          }
        },
      };
    },
  },
  ofResources,
);

function messageFor({ use, ending }: FindingOf<'use after put'>): MessageIds {
  if (use === 'wait') return 'waited';
  if (ending === 'using') return use === 'return' ? 'scopedReturned' : 'scopedHandedOn';
  return use === 'return' ? 'returned' : use === 'store' ? 'handedOn' : 'used';
}

export default rule;
