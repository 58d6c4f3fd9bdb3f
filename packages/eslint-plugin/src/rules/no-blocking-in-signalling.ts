import { analyse, findingsOf } from '../analysis/analysis.js';
import type { FindingOf } from '../analysis/finding.js';
import { createRule, line, type FenceRule } from './create-rule.js';

type MessageIds = 'block' | 'awaited' | 'ownFence' | 'otherFence';
type Options = [{ fenceWaits?: 'own' | 'always' }];

const rule: FenceRule<MessageIds, Options> = createRule<MessageIds, Options>({
  name: 'no-blocking-in-signalling',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow waiting and locking inside a signalling section',
      set: 'recommended',
      requiresTypeChecking: true,
    },
    messages: {
      block:
        "'{{what}}' can block inside the signalling section begun on line {{begun}}: whoever holds what it waits for may be waiting for this fence.",
      awaited:
        'The signalling section begun on line {{begun}} waits here: fences that depend on it cannot signal meanwhile.',
      ownFence:
        "'{{what}}' waits for the very fence that the section begun on line {{begun}} is to signal: this never ends.",
      otherFence: "'{{what}}' waits for another fence inside the section begun on line {{begun}}.",
    },
    schema: [
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          fenceWaits: {
            type: 'string',
            enum: ['own', 'always'],
            description:
              "Which waits for fences to report in a fence's own section and in signalAfter: only for that fence (own), or for any (always).",
          },
        },
      },
    ],
    defaultOptions: [{}],
  },
  create(context, [{ fenceWaits = 'own' }]) {
    return {
      'Program:exit'() {
        for (const finding of findingsOf(analyse(context), 'blocking')) {
          if (finding.reason === 'other fence' && fenceWaits !== 'always') continue;
          context.report({
            node: finding.node,
            messageId: messageFor(finding),
            data: { what: finding.what, begun: line(finding.begun) },
          });
        }
      },
    };
  },
});

function messageFor({ reason }: FindingOf<'blocking'>): MessageIds {
  switch (reason) {
    case 'await':
      return 'awaited';
    case 'own fence':
      return 'ownFence';
    case 'other fence':
      return 'otherFence';
    default:
      return 'block';
  }
}

export default rule;
