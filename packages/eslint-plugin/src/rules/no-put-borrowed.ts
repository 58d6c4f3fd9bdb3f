import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { analyse, findingsOf } from '../analysis/analysis.js';
import type { FindingOf } from '../analysis/finding.js';
import { createRule, line, type FenceRule } from './create-rule.js';

type MessageIds = 'putParameter' | 'putRead' | 'putLent' | 'usingBorrowed' | 'addGet';
type Options = [{ allowParameters?: boolean }];

const rule: FenceRule<MessageIds, Options> = createRule<MessageIds, Options>({
  name: 'no-put-borrowed',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow putting a fence reference that somebody else owns',
      set: 'recommended',
      requiresTypeChecking: true,
    },
    hasSuggestions: true,
    messages: {
      putParameter:
        "'{{name}}' is put here, but a parameter is only lent (line {{source}}): take a reference with get(), or tag the function with @consumes.",
      putRead:
        "'{{name}}' is put here, but it belongs to where it was read from on line {{source}}: take a reference with get() first.",
      putLent: "'{{name}}' is put here, but it was only lent on line {{source}}.",
      usingBorrowed: "'{{name}}' is only lent, and using would put it at the end of the block: write get().",
      addGet: 'Take a reference of its own with get().',
    },
    schema: [
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          allowParameters: {
            type: 'boolean',
            description: 'Let functions put their parameters without a @consumes tag.',
          },
        },
      },
    ],
    defaultOptions: [{}],
  },
  create(context, [{ allowParameters = false }]) {
    return {
      'Program:exit'() {
        for (const finding of findingsOf(analyse(context), 'put borrowed')) {
          if (allowParameters && finding.origin === 'parameter') continue;
          const { node, name, source } = finding;
          const target = finding.using ? node : source;
          const canGet =
            target.parent?.type === T.VariableDeclarator &&
            target.parent.init === target &&
            target.type !== T.LogicalExpression &&
            target.type !== T.ConditionalExpression;
          context.report({
            node,
            messageId: messageFor(finding),
            data: { name, source: line(source) },
            suggest: canGet
              ? [{ messageId: 'addGet', fix: (fixer) => fixer.insertTextAfter(target, '.get()') }]
              : [],
          });
        }
      },
    };
  },
});

function messageFor({ using, origin }: FindingOf<'put borrowed'>): MessageIds {
  if (using) return 'usingBorrowed';
  if (origin === 'parameter') return 'putParameter';
  return origin === 'library' ? 'putLent' : 'putRead';
}

export default rule;
