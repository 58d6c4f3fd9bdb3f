import type { TSESLint } from '@typescript-eslint/utils';
import { analyse } from '../analysis/analysis.js';
import { misusedWaits } from '../analysis/checks/misused-waits.js';
import { createRule, type FenceRule } from './create-rule.js';

type MessageIds = 'condition' | 'floating' | 'addAwait';
type Options = [{ ignoreVoid?: boolean }];

const rule: FenceRule<MessageIds, Options> = createRule<MessageIds, Options>({
  name: 'no-misused-wait',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow a wait whose promise is tested or dropped',
      set: 'recommended',
      requiresTypeChecking: true,
    },
    hasSuggestions: true,
    messages: {
      condition:
        'This tests the promise of a wait, which is always true, and not whether the fence has signaled: await it, or ask signaled or poll().',
      floating:
        'The promise of this wait is dropped: nothing waits, and a failed fence becomes an unhandled rejection. Await it, or mark it with void after handling its error.',
      addAwait: 'Add await.',
    },
    schema: [
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          ignoreVoid: {
            type: 'boolean',
            description: 'Accept `void fence.wait()` as saying that nobody has to wait.',
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
        for (const { node, fate, isAsync } of misusedWaits(analysis)) {
          if (fate === 'void' && ignoreVoid) continue;
          const fix: TSESLint.ReportFixFunction = (fixer) => fixer.insertTextBefore(node, 'await ');
          context.report({
            node,
            messageId: fate === 'tested' ? 'condition' : 'floating',
            suggest: isAsync && fate === 'dropped' ? [{ messageId: 'addAwait', fix }] : [],
          });
        }
      },
    };
  },
});

export default rule;
