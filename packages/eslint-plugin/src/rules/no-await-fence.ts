import type { TSESLint } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import { analyse } from '../analysis/analysis.js';
import { awaitedFences, type AwaitedFence } from '../analysis/checks/awaited-fences.js';
import { createRule, type FenceRule } from './create-rule.js';

type MessageIds = 'awaited' | 'combined' | 'wait' | 'waitEach';

const rule: FenceRule<MessageIds> = createRule<MessageIds>({
  name: 'no-await-fence',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow awaiting a fence itself, which waits for nothing',
      set: 'recommended',
      requiresTypeChecking: true,
    },
    hasSuggestions: true,
    messages: {
      awaited: 'This awaits the fence itself and waits for nothing: a fence is no promise. Await its wait().',
      combined:
        '{{by}} waits for promises, and a fence is none: it goes on at once. Give it wait() of each fence, or use waitAll or waitAny.',
      wait: 'Call wait().',
      waitEach: 'Call wait() on each fence.',
    },
    schema: [],
    defaultOptions: [],
  },
  create(context) {
    return {
      'Program:exit'() {
        const analysis = analyse(context);
        if (analysis === undefined) return;
        for (const found of awaitedFences(analysis)) {
          const { node, by, isMany } = found;
          const fix = waiting(context.sourceCode, found);
          context.report({
            node,
            messageId: by === 'await' ? 'awaited' : 'combined',
            data: { by },
            suggest: fix === undefined ? [] : [{ messageId: isMany ? 'waitEach' : 'wait', fix }],
          });
        }
      },
    };
  },
});

/** Types of expressions that a member can be read from as they stand. */
const atomic: ReadonlySet<string> = new Set([
  T.Identifier,
  T.ThisExpression,
  T.MemberExpression,
  T.CallExpression,
  T.TSNonNullExpression,
]);

function waiting(
  sourceCode: Readonly<TSESLint.SourceCode>,
  { node, isMany, isNullable, isArray }: AwaitedFence,
): TSESLint.ReportFixFunction | undefined {
  if (isMany && !isArray) return undefined;
  const text = sourceCode.getText(node);
  const subject = atomic.has(node.type) ? text : `(${text})`;
  // A list that may be missing, or one with holes, is left to its author.
  if (isMany)
    return isNullable
      ? undefined
      : (fixer) => fixer.replaceText(node, `${subject}.map((fence) => fence.wait())`);
  return (fixer) => fixer.replaceText(node, `${subject}${isNullable ? '?.' : '.'}wait()`);
}

export default rule;
