import { usingCandidates } from '../analysis/checks/using-candidates.js';
import { analyse } from '../analysis/analysis.js';
import { createRule, type FenceRule } from './create-rule.js';
import { removeStatement } from './suggest.js';

type MessageIds = 'useUsing' | 'convert';
type Options = [{ minStatements?: number }];

const rule: FenceRule<MessageIds, Options> = createRule<MessageIds, Options>({
  name: 'prefer-using',
  meta: {
    type: 'suggestion',
    docs: {
      description: 'Prefer using over a get() and put() that live in one block',
      set: 'strict',
      requiresTypeChecking: true,
    },
    fixable: 'code',
    hasSuggestions: true,
    messages: {
      useUsing: "'{{name}}' is taken and put in one block: using puts it on every way out.",
      convert: 'Declare it with using and remove the put().',
    },
    schema: [
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          minStatements: {
            type: 'integer',
            minimum: 0,
            description: 'Leave alone what is put after fewer statements than this.',
          },
        },
      },
    ],
    defaultOptions: [{}],
  },
  create(context, [{ minStatements = 0 }]) {
    return {
      'Program:exit'() {
        const analysis = analyse(context);
        if (analysis === undefined) return;
        for (const { declaration, name, put, isLast, statements } of usingCandidates(analysis)) {
          if (statements < minStatements) continue;
          const remove = removeStatement(context.sourceCode, put);
          const fix = (fixer: Parameters<NonNullable<typeof remove>>[0]) => {
            const start = declaration.range[0];
            const removed = remove?.(fixer);
            return [
              fixer.replaceTextRange([start, start + declaration.kind.length], 'using'),
              ...(removed === null || removed === undefined ? [] : [removed].flat()),
            ];
          };
          // The put is the block's last act: at its end using does the same, at the same time.
          context.report({
            node: declaration,
            messageId: 'useUsing',
            data: { name },
            ...(isLast && remove !== undefined && declaration.kind === 'const'
              ? { fix }
              : { suggest: remove === undefined ? [] : [{ messageId: 'convert' as const, fix }] }),
          });
        }
      },
    };
  },
});

export default rule;
