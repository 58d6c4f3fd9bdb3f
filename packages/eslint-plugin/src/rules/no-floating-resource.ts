import { analyse, resourceFindingsOf } from '../analysis/analysis.js';
import { createRule, type FenceRule } from './create-rule.js';
import { releaseOf } from './no-leak.js';
import { ofResources } from './of-resources.js';

type MessageIds = 'dropped' | 'argument';

const rule: FenceRule<MessageIds> = createRule<MessageIds>(
  {
    name: 'no-floating-resource',
    meta: {
      type: 'problem',
      docs: {
        description: 'Disallow taking a declared resource without giving it a name',
        set: 'resources',
        requiresTypeChecking: true,
      },
      messages: {
        dropped: 'The {{type}} taken here has no name, so nothing can call its {{release}}().',
        argument:
          'The {{type}} taken here is only lent to the call: give it a name, and call {{release}}() afterwards.',
      },
      schema: [],
    },
    create(context) {
      return {
        'Program:exit'() {
          for (const { finding, resource } of resourceFindingsOf(analyse(context), 'floating')) {
            context.report({
              node: finding.node,
              messageId: finding.argument ? 'argument' : 'dropped',
              data: { type: resource.name, release: releaseOf(resource) },
            });
          }
        },
      };
    },
  },
  ofResources,
);

export default rule;
