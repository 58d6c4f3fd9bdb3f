import { analyse } from '../analysis/analysis.js';
import { ownershipTagProblems } from '../analysis/checks/tag-problems.js';
import { createRule, type FenceRule } from './create-rule.js';

type MessageIds =
  'unknownParameter' | 'malformed' | 'contradiction' | 'notConsumed' | 'noResult' | 'missingName';

const rule: FenceRule<MessageIds> = createRule<MessageIds>({
  name: 'valid-ownership-tags',
  meta: {
    type: 'problem',
    docs: {
      description: 'Require ownership tags in doc comments to be well formed and true of the function',
      set: 'recommended',
      requiresTypeChecking: false,
    },
    messages: {
      unknownParameter: "@{{tag}} names '{{name}}', which is no parameter of this function.",
      malformed:
        "'{{text}}' is not understood: write '@{{tag}} {{name}} - only when the call returns true' (or false).",
      contradiction: "'{{name}}' is said to be both consumed and borrowed.",
      notConsumed:
        "'{{name}}' is said to be consumed, but no path of this function puts it, stores it or hands it on.",
      noResult: '@{{tag}} speaks of a result, but this function returns no fence.',
      missingName: '@{{tag}} has to name a parameter.',
    },
    schema: [],
  },
  create(context) {
    return {
      'Program:exit'() {
        const analysis = analyse(context);
        if (analysis === undefined) return;
        for (const { loc, messageId, data } of ownershipTagProblems(analysis))
          context.report({ loc, messageId, data });
      },
    };
  },
});

export default rule;
