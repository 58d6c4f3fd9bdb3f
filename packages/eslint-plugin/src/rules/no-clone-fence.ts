import { analyse } from '../analysis/analysis.js';
import { clonedFences } from '../analysis/checks/cloned-fences.js';
import { createRule, type FenceRule } from './create-rule.js';

type MessageIds = 'cloned' | 'clonedOther';

const rule: FenceRule<MessageIds> = createRule<MessageIds>({
  name: 'no-clone-fence',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow sending a fence through postMessage or copying it with structuredClone',
      set: 'recommended',
      requiresTypeChecking: true,
    },
    messages: {
      cloned:
        'A fence does not survive {{by}}: what arrives has no methods and never signals. Send the handle of a SharedTimeline and a sequence number, and make the fence there with fence(seqno).',
      clonedOther:
        'A {{entity}} does not survive {{by}}: what arrives has no methods and is connected to nothing. {{cure}}',
    },
    schema: [],
    defaultOptions: [],
  },
  create(context) {
    return {
      'Program:exit'() {
        const analysis = analyse(context);
        if (analysis === undefined) return;
        for (const { node, entity, by } of clonedFences(analysis)) {
          const isFence = entity === 'DmaFence' || entity === 'DriverFence';
          const cure =
            entity === 'SharedTimeline'
              ? 'Send its handle, and attach to it there.'
              : 'Keep it in this thread; a SharedTimeline is what threads have in common.';
          context.report({ node, messageId: isFence ? 'cloned' : 'clonedOther', data: { by, entity, cure } });
        }
      },
    };
  },
});

export default rule;
