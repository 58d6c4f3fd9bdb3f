import { analyse, findingsOf } from '../analysis/analysis.js';
import { createRule, line, type FenceRule } from './create-rule.js';

type MessageIds = 'unsignaled' | 'unsignaledThrow';

const rule: FenceRule<MessageIds> = createRule<MessageIds>({
  name: 'require-signal',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a published fence to be signaled on every path when one path does',
      set: 'strict',
      requiresTypeChecking: true,
    },
    messages: {
      unsignaled:
        "'{{name}}' is published and signaled on line {{signal}}, but the path that leaves on line {{exit}} never signals it: whoever waits for it waits for ever. Call fail() there.",
      unsignaledThrow:
        "'{{name}}' is published and signaled on line {{signal}}, but the throw on line {{exit}} leaves it pending: whoever waits for it waits for ever. Call fail() first.",
    },
    schema: [],
  },
  create(context) {
    return {
      'Program:exit'() {
        for (const { node, name, site, signalsAt, how } of findingsOf(analyse(context), 'never signaled')) {
          const exit = how === 'end' ? site.loc.end.line : line(site);
          context.report({
            node,
            messageId: how === 'throw' ? 'unsignaledThrow' : 'unsignaled',
            data: { name, signal: line(signalsAt), exit },
          });
        }
      },
    };
  },
});

export default rule;
