import { blockingCallbacks } from '../analysis/checks/blocking-callbacks.js';
import { analyse } from '../analysis/analysis.js';
import { createRule, type FenceRule } from './create-rule.js';

type MessageIds = 'async' | 'waits' | 'callsWaiting';

const rule: FenceRule<MessageIds> = createRule<MessageIds>({
  name: 'no-blocking-callback',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow async functions, waits and locks in fence callbacks and FenceOps',
      set: 'recommended',
      requiresTypeChecking: true,
    },
    messages: {
      async:
        'A fence callback runs inside signal() and is not awaited: an async function loses its errors and runs its rest at another time. Schedule a task instead.',
      waits:
        "'{{what}}' waits inside a fence callback, that is inside somebody's signal(): schedule a task instead.",
      callsWaiting:
        "'{{what}}' waits or locks, and is called inside a fence callback: schedule a task instead.",
    },
    schema: [],
  },
  create(context) {
    return {
      'Program:exit'() {
        const analysis = analyse(context);
        if (analysis === undefined) return;
        for (const { node, messageId, what } of blockingCallbacks(analysis))
          context.report({ node, messageId, data: { what } });
      },
    };
  },
});

export default rule;
