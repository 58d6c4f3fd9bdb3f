import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { analyse, findingsOf } from '../analysis/analysis.js';
import { createRule, line, type FenceRule } from './create-rule.js';
import { useUsing } from './suggest.js';

type MessageIds = 'notEnded' | 'order' | 'await' | 'yield' | 'needsUsing' | 'declareUsing';
type Options = [{ requireUsing?: boolean }];

const rule: FenceRule<MessageIds, Options> = createRule<MessageIds, Options>({
  name: 'balanced-signalling',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require signalling sections to end once, innermost first, in the turn that began them',
      set: 'recommended',
      requiresTypeChecking: true,
    },
    hasSuggestions: true,
    messages: {
      notEnded: 'The signalling section begun here is not ended on the path that leaves on line {{lost}}.',
      order: 'The section of line {{outer}} is ended before the one begun inside it on line {{inner}}.',
      await:
        'A free signalling section (line {{begun}}) must not be open across an await: use fence.signalAfter for asynchronous work.',
      yield: 'A free signalling section (line {{begun}}) must not be open across a yield.',
      needsUsing: 'Declare a signalling section with using.',
      declareUsing: 'Declare it with using, so that every exit ends it.',
    },
    schema: [
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          requireUsing: {
            type: 'boolean',
            description: 'Demand that every free section is declared with using.',
          },
        },
      },
    ],
    defaultOptions: [{}],
  },
  create(context, [{ requireUsing = false }]) {
    return {
      'Program:exit'() {
        const analysis = analyse(context);
        for (const { node, resource, lostAt, how } of findingsOf(analysis, 'leak')) {
          if (resource !== 'section') continue;
          const fix = useUsing(node);
          context.report({
            node,
            messageId: 'notEnded',
            data: { lost: how === 'end' ? lostAt.loc.end.line : line(lostAt) },
            suggest: fix === undefined ? [] : [{ messageId: 'declareUsing', fix }],
          });
        }
        for (const { node, inner, outer } of findingsOf(analysis, 'section order')) {
          context.report({ node, messageId: 'order', data: { inner: line(inner), outer: line(outer) } });
        }
        for (const { node, begun, by } of findingsOf(analysis, 'section suspended')) {
          context.report({ node, messageId: by, data: { begun: line(begun) } });
        }
        if (!requireUsing) return;
        for (const { node } of findingsOf(analysis, 'section begun')) {
          const { parent } = node;
          const isScoped = parent?.type === T.VariableDeclarator && parent.parent.kind === 'using';
          const fix = useUsing(node);
          if (!isScoped)
            context.report({
              node,
              messageId: 'needsUsing',
              suggest: fix === undefined ? [] : [{ messageId: 'declareUsing', fix }],
            });
        }
      },
    };
  },
});

export default rule;
