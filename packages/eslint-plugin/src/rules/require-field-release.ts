import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import { analyse, findingsOf } from '../analysis/analysis.js';
import { collectionFindings } from '../analysis/checks/class-collections.js';
import { emptiedFields } from '../analysis/checks/emptied-fields.js';
import { emptiedMaps } from '../analysis/checks/emptied-maps.js';
import { fieldFindings } from '../analysis/checks/class-fields.js';
import { createRule, line, type FenceRule } from './create-rule.js';

type MessageIds = 'overwritten' | 'takenOut' | 'notReleased' | 'constructorThrows';
type Options = [{ disposeMethods?: readonly string[] }];

const rule: FenceRule<MessageIds, Options> = createRule<MessageIds, Options>({
  name: 'require-field-release',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require a class to put the fences its fields own',
      set: 'strict',
      requiresTypeChecking: true,
    },
    messages: {
      overwritten: "'{{field}}' may still hold a reference when it is written here: put the old fence first.",
      takenOut: "What '{{field}}' holds is taken out here, and nothing puts it.",
      notReleased:
        "'{{field}}' owns the reference stored here, but {{method}} (line {{dispose}}) never puts it.",
      constructorThrows:
        "'{{field}}' has taken a reference here, and the constructor throws on a later path without putting it: nobody gets an object that could.",
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
        const findings = [
          ...fieldFindings(analysis, disposeMethods),
          ...collectionFindings(analysis, disposeMethods),
          ...emptiedFields(analysis, disposeMethods),
          ...emptiedMaps(analysis, disposeMethods),
        ];
        // What two checks see is one mistake.
        const reported = new Set<TSESTree.Node>();
        for (const { node, field, method, dispose } of findings) {
          if (reported.has(node)) continue;
          reported.add(node);
          if (dispose === undefined) {
            const messageId = node.type === T.CallExpression ? 'takenOut' : 'overwritten';
            context.report({ node, messageId, data: { field } });
          } else
            context.report({
              node,
              messageId: 'notReleased',
              data: { field, method, dispose: line(dispose) },
            });
        }
        for (const { node, field } of findingsOf(analysis, 'constructor throws')) {
          context.report({ node, messageId: 'constructorThrows', data: { field } });
        }
      },
    };
  },
});

export default rule;
