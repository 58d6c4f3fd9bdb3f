import { analyse } from '../analysis/analysis.js';
import { unremovedCallbacks } from '../analysis/checks/class-callbacks.js';
import { createRule, line, type FenceRule } from './create-rule.js';

type MessageIds = 'notRemoved';
type Options = [{ disposeMethods?: readonly string[] }];

const rule: FenceRule<MessageIds, Options> = createRule<MessageIds, Options>({
  name: 'require-callback-removal',
  meta: {
    type: 'problem',
    docs: {
      description:
        'Require a class that adds its callback record to a fence to take it off again when it is disposed of',
      set: 'strict',
      requiresTypeChecking: true,
    },
    messages: {
      notRemoved:
        "'{{field}}' is added to a fence here, but {{method}} (line {{dispose}}) does not take it off: a fence that signals later calls into a disposed object.",
    },
    schema: [
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          disposeMethods: {
            type: 'array',
            items: { type: 'string' },
            description: 'Further names of methods that end the life of an object.',
          },
        },
      },
    ],
    defaultOptions: [{}],
  },
  create(context, [{ disposeMethods = [] }]) {
    return {
      'Program:exit'() {
        const analysis = analyse(context);
        if (analysis === undefined) return;
        for (const { node, field, method, dispose } of unremovedCallbacks(analysis, disposeMethods)) {
          context.report({ node, messageId: 'notRemoved', data: { field, method, dispose: line(dispose) } });
        }
      },
    };
  },
});

export default rule;
