import { callbackResults } from '../analysis/checks/callback-results.js';
import { analyse } from '../analysis/analysis.js';
import { createRule, type FenceRule } from './create-rule.js';

type MessageIds = 'ignored' | 'inverted';
type Options = [{ ignoreVoid?: boolean }];

const rule: FenceRule<MessageIds, Options> = createRule<MessageIds, Options>({
  name: 'check-callback-result',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require the result of addCallback to be looked at',
      set: 'recommended',
      requiresTypeChecking: true,
    },
    messages: {
      ignored:
        'addCallback answers false when the fence has signaled already: the callback then never runs, and nobody notices here.',
      inverted:
        'addCallback answers true when the callback was added: calling it here runs it twice on this path and never on the other.',
    },
    schema: [
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          ignoreVoid: {
            type: 'boolean',
            description: 'Accept `void fence.addCallback(…)` as saying that the answer does not matter.',
          },
        },
      },
    ],
    defaultOptions: [{}],
  },
  create(context, [{ ignoreVoid = true }]) {
    return {
      'Program:exit'() {
        const analysis = analyse(context);
        if (analysis === undefined) return;
        for (const { node, verdict } of callbackResults(analysis)) {
          if (verdict === 'void' && ignoreVoid) continue;
          context.report({ node, messageId: verdict === 'inverted' ? 'inverted' : 'ignored' });
        }
      },
    };
  },
});

export default rule;
