import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import { analyse, resourceAt, resourceFindingsOf } from '../analysis/analysis.js';
import { collectionFindings } from '../analysis/checks/class-collections.js';
import { fieldFindings } from '../analysis/checks/class-fields.js';
import { emptiedFields } from '../analysis/checks/emptied-fields.js';
import { emptiedMaps } from '../analysis/checks/emptied-maps.js';
import type { ResourceType } from '../types/declared-resources.js';
import { createRule, line, type FenceRule } from './create-rule.js';
import { releaseOf } from './no-leak.js';
import { ofResources } from './of-resources.js';
import { isJudged } from './require-field-release.js';

type MessageIds = 'overwritten' | 'takenOut' | 'notReleased' | 'constructorThrows';
type Options = [{ disposeMethods?: readonly string[] }];

const rule: FenceRule<MessageIds, Options> = createRule<MessageIds, Options>(
  {
    name: 'require-resource-field-release',
    meta: {
      type: 'problem',
      docs: {
        description: 'Require a class to release the declared resources that its fields own',
        set: 'resources',
        requiresTypeChecking: true,
      },
      messages: {
        overwritten:
          "'{{field}}' may still hold a {{type}} when it is written here: call its {{release}}() first.",
        takenOut:
          "The {{type}} that '{{field}}' holds is taken out here, and nothing calls its {{release}}().",
        notReleased:
          "'{{field}}' owns the {{type}} stored here, but {{method}} (line {{dispose}}) never calls its {{release}}().",
        constructorThrows:
          "'{{field}}' has taken a {{type}} here, and the constructor throws on a later path: nobody gets an object that could call {{release}}().",
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
      const report = (node: TSESTree.Node, field: string, resource: ResourceType): void => {
        const messageId = node.type === T.AssignmentExpression ? 'overwritten' : 'takenOut';
        const data = { field, type: resource.name, release: releaseOf(resource) };
        context.report({ node, messageId, data });
      };
      return {
        'Program:exit'() {
          const analysis = analyse(context);
          if (analysis === undefined) return;
          const { everything } = analysis;
          const withResources = { ...analysis, resolver: everything };
          const reported = new Set<TSESTree.Node>();
          const forgotten = new Set<string>();
          for (const { node, field, method, dispose } of [
            ...fieldFindings(withResources, disposeMethods),
            ...collectionFindings(withResources, disposeMethods),
            ...emptiedFields(withResources, disposeMethods),
            ...emptiedMaps(withResources, disposeMethods),
          ]) {
            const resource = resourceAt(everything, node);
            if (resource === undefined || reported.has(node)) continue;
            const data = { field, type: resource.name, release: releaseOf(resource) };
            if (dispose === undefined) {
              if (isJudged(analysis, node)) continue;
              report(node, field, resource);
            } else {
              forgotten.add(field);
              context.report({
                node,
                messageId: 'notReleased',
                data: { ...data, method, dispose: String(line(dispose)) },
              });
            }
            reported.add(node);
          }
          for (const { node, place, site } of analysis.placeLosses) {
            const resource = resourceAt(everything, node) ?? resourceAt(everything, site);
            if (resource !== undefined && !reported.has(node) && !forgotten.has(place))
              report(node, place, resource);
          }
          for (const { finding, resource } of resourceFindingsOf(analysis, 'constructor throws')) {
            const { node, field } = finding;
            const data = { field, type: resource.name, release: releaseOf(resource) };
            context.report({ node, messageId: 'constructorThrows', data });
          }
        },
      };
    },
  },
  ofResources,
);

export default rule;
