import { analyse, resourceFindingsOf } from '../analysis/analysis.js';
import { createRule, line, type FenceRule } from './create-rule.js';
import { ofResources } from './of-resources.js';
import { removeStatement } from './suggest.js';

type MessageIds = 'released' | 'handedOn' | 'scoped' | 'remove';

const rule: FenceRule<MessageIds> = createRule<MessageIds>(
  {
    name: 'no-double-release',
    meta: {
      type: 'problem',
      docs: {
        description: 'Disallow releasing a declared resource twice',
        set: 'resources',
        requiresTypeChecking: true,
      },
      hasSuggestions: true,
      messages: {
        released: "The {{type}} '{{name}}' is released here again: line {{before}} released it already.",
        handedOn:
          "The {{type}} '{{name}}' is released here, but line {{before}} handed it on: its new owner releases it.",
        scoped: "The {{type}} '{{name}}' is released here, and by the using of line {{before}} as well.",
        remove: 'Remove this release.',
      },
      schema: [],
    },
    create(context) {
      return {
        'Program:exit'() {
          for (const { finding, resource } of resourceFindingsOf(analyse(context), 'double put')) {
            const { node, name, before, ending } = finding;
            // What was handed on is another's, also where a second release by itself does nothing.
            if (resource.row.idempotentRelease === true && ending !== 'moved') continue;
            const remove = removeStatement(context.sourceCode, node);
            context.report({
              node,
              messageId: ending === 'put' ? 'released' : ending === 'using' ? 'scoped' : 'handedOn',
              data: { type: resource.name, name, before: String(line(before)) },
              suggest: remove === undefined ? [] : [{ messageId: 'remove', fix: remove }],
            });
          }
        },
      };
    },
  },
  ofResources,
);

export default rule;
