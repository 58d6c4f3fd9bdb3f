import type { TSESLint } from '@typescript-eslint/utils';
import type { RuleSet } from './rules/create-rule.js';
import { rules } from './rules/index.js';

type RuleEntries = Record<string, TSESLint.FlatConfig.RuleEntry>;
type ConfigName = RuleSet | 'typed' | 'disable-type-checked' | 'oxlint';

const order: readonly RuleSet[] = ['recommended', 'strict', 'all'];

/** Each rule set has the sets before it too; `strict` also asks more of a rule that `recommended` has. */
function entries(set: RuleSet): RuleEntries {
  const on: RuleEntries = {};
  for (const [name, { meta }] of Object.entries(rules)) {
    if (order.indexOf(meta.docs.set) <= order.indexOf(set)) on[`dma-fence/${name}`] = 'error';
  }
  if (set !== 'recommended') on['dma-fence/no-blocking-in-signalling'] = ['error', { fenceWaits: 'always' }];
  return on;
}

/** Rules that, without types, are sure of what they say from one function and its imports. */
const withoutTypes: readonly string[] = [
  'balanced-signalling',
  'check-callback-result',
  'no-blocking-callback',
  'no-blocking-in-signalling',
  'no-double-put',
  'no-fence-leak',
  'no-floating-fence',
  'no-misused-wait',
  'no-put-borrowed',
  'no-use-after-put',
  'valid-ownership-tags',
];

/** What gives the rules their types, where a parser for TypeScript is set: each file is read with its `tsconfig.json`. */
const typed: TSESLint.FlatConfig.Config = {
  name: 'dma-fence/typed',
  files: ['**/*.{ts,tsx,mts,cts}'],
  languageOptions: { parserOptions: { projectService: true } },
};

/** The flat configurations; those with rules bring the plugin along under the name `dma-fence`. */
export function makeConfigs(
  plugin: TSESLint.FlatConfig.Plugin,
): Record<ConfigName, TSESLint.FlatConfig.Config> {
  const plugins = { 'dma-fence': plugin };
  const off: RuleEntries = {};
  for (const [name, { meta }] of Object.entries(rules))
    if (meta.docs.requiresTypeChecking) off[`dma-fence/${name}`] = 'off';
  const oxlint: RuleEntries = {};
  for (const name of withoutTypes) oxlint[`dma-fence/${name}`] = 'error';
  return {
    typed,
    recommended: { name: 'dma-fence/recommended', plugins, rules: entries('recommended') },
    strict: { name: 'dma-fence/strict', plugins, rules: entries('strict') },
    all: { name: 'dma-fence/all', plugins, rules: entries('all') },
    'disable-type-checked': { name: 'dma-fence/disable-type-checked', plugins, rules: off },
    oxlint: { name: 'dma-fence/oxlint', plugins, rules: oxlint },
  };
}
