import { resolverOf } from '../analysis/analysis.js';
import { suspendedScopes } from '../analysis/checks/error-scopes.js';
import { createRule, line, type FenceRule } from './create-rule.js';

type MessageIds = 'suspended';

const rule: FenceRule<MessageIds> = createRule<MessageIds>(
  {
    name: 'no-await-in-error-scope',
    meta: {
      type: 'problem',
      docs: {
        description: 'Disallow awaiting while an error scope of a WebGPU device is open',
        set: 'recommended',
        requiresTypeChecking: false,
      },
      messages: {
        suspended:
          'The error scope pushed on line {{pushed}} is still open here: other tasks run meanwhile, and their errors land in this scope. Call popErrorScope() before, and await its promise.',
      },
      schema: [],
      defaultOptions: [],
    },
    create(context) {
      return {
        'Program:exit'() {
          for (const { node, pushed } of suspendedScopes(context.sourceCode, resolverOf(context)))
            context.report({ node, messageId: 'suspended', data: { pushed: line(pushed) } });
        },
      };
    },
  },
  ({ sourceCode }) => sourceCode.text.includes('pushErrorScope'),
);

export default rule;
