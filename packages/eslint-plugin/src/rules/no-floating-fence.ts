import { analyse, findingsOf } from '../analysis/analysis.js';
import { createRule, line, type FenceRule } from './create-rule.js';

type MessageIds = 'discarded' | 'argument' | 'guard' | 'guardLost' | 'unpaired';
type Options = [{ allowPairedStatementGet?: boolean }];

const rule: FenceRule<MessageIds, Options> = createRule<MessageIds, Options>({
  name: 'no-floating-fence',
  meta: {
    type: 'problem',
    docs: {
      description: 'Disallow taking a fence reference, a lock or a section and dropping it at once',
      set: 'recommended',
      requiresTypeChecking: true,
    },
    messages: {
      discarded: 'The reference taken here has no name, so nobody can ever put it.',
      argument:
        'The reference taken here is only lent to the call: give it a name (with using) so that it can be put afterwards.',
      guard:
        'The {{resource}} taken here is dropped at once, so nobody can end it: give it a name (with using).',
      guardLost:
        'The {{resource}} taken here is lost on line {{lost}} without being given back: declare it with using.',
      unpaired: 'This get() takes a reference that no path puts, stores or returns.',
    },
    schema: [
      {
        type: 'object',
        additionalProperties: false,
        properties: {
          allowPairedStatementGet: {
            type: 'boolean',
            description:
              'Accept a bare `fence.get();` whose reference is put or stored through another name.',
          },
        },
      },
    ],
    defaultOptions: [{}],
  },
  create(context, [{ allowPairedStatementGet = true }]) {
    return {
      'Program:exit'() {
        const analysis = analyse(context);
        for (const { node, resource, argument, statementGet } of findingsOf(analysis, 'floating')) {
          context.report({
            node,
            messageId:
              resource === 'fence'
                ? statementGet
                  ? 'unpaired'
                  : argument
                    ? 'argument'
                    : 'discarded'
                : 'guard',
            data: { resource },
          });
        }
        for (const { node, resource, lostAt, how } of findingsOf(analysis, 'leak')) {
          if (resource !== 'lock') continue;
          context.report({
            node,
            messageId: 'guardLost',
            data: { resource, lost: how === 'end' ? lostAt.loc.end.line : line(lostAt) },
          });
        }
        if (allowPairedStatementGet) return;
        for (const { node } of findingsOf(analysis, 'statement get'))
          context.report({ node, messageId: 'discarded' });
      },
    };
  },
});

export default rule;
