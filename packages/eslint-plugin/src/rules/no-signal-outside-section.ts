import { analyse, findingsOf } from '../analysis/analysis.js';
import { createRule, line, type FenceRule } from './create-rule.js';

type MessageIds = 'found';

const rule: FenceRule<MessageIds> = createRule<MessageIds>({
  name: 'no-signal-outside-section',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow signaling after the section that should cover it has ended',
      set: 'strict',
      requiresTypeChecking: true,
    },
    messages: {
      found:
        "'{{name}}' is signaled here, after the signalling section ended on line {{ended}}: end the section after the signal.",
    },
    schema: [],
  },
  create(context) {
    return {
      'Program:exit'() {
        for (const finding of findingsOf(analyse(context), 'signal outside')) {
          context.report({
            node: finding.node,
            messageId: 'found',
            data: { name: finding.name, ended: line(finding.ended) },
          });
        }
      },
    };
  },
});

export default rule;
