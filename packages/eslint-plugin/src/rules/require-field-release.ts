import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import { analyse, findingsOf, resourceAt, type Analysis } from '../analysis/analysis.js';
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
    const report = (node: TSESTree.Node, field: string): void => {
      const isStore = node.type === T.AssignmentExpression;
      context.report({ node, messageId: isStore ? 'overwritten' : 'takenOut', data: { field } });
    };
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
        const forgotten = new Set<string>();
        for (const { node, field, method, dispose } of findings) {
          if (reported.has(node) || resourceAt(analysis.everything, node) !== undefined) continue;
          if (dispose === undefined) {
            if (isJudged(analysis, node)) continue;
            report(node, field);
          } else {
            forgotten.add(field);
            context.report({
              node,
              messageId: 'notReleased',
              data: { field, method, dispose: line(dispose) },
            });
          }
          reported.add(node);
        }
        for (const { node, place, site } of analysis.placeLosses) {
          const resource = resourceAt(analysis.everything, node) ?? resourceAt(analysis.everything, site);
          if (resource === undefined && !reported.has(node) && !forgotten.has(place)) report(node, place);
        }
        for (const { node, field } of findingsOf(analysis, 'constructor throws')) {
          context.report({ node, messageId: 'constructorThrows', data: { field } });
        }
      },
    };
  },
});

/** Whether what a check by the text alone says is known better: the paths of all functions were looked at. */
export function isJudged({ judgedPlaces }: Analysis, node: TSESTree.Node): boolean {
  if (node.type === T.AssignmentExpression) return judgedPlaces.has(node.left);
  const isMethod = node.type === T.CallExpression && node.callee.type === T.MemberExpression;
  return isMethod && judgedPlaces.has((node.callee as TSESTree.MemberExpression).object);
}

export default rule;
