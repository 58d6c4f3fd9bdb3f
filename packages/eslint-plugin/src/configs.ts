import type { RuleSet } from './rules/create-rule.js';
import { rules } from './rules/index.js';

type RuleEntries = NonNullable<DmaFenceConfig['rules']>;
type ConfigName = RuleSet | 'typed' | 'disable-type-checked' | 'oxlint';

/**
 * A flat configuration of this plugin, in words that the types of ESLint 9, of ESLint 10 and of typescript-eslint all take.
 *
 * @example Hold the sources to everything
 * ```ts
 * import dmaFence, { type DmaFenceConfig } from '@dma-fence/eslint-plugin';
 *
 * const config: DmaFenceConfig[] = [dmaFence.configs.strict];
 * ```
 */
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- an interface has no index signature, ESLint asks for one
export type DmaFenceConfig = {
  /** Shown by `eslint --inspect-config`. */
  name: string;
  /** The files it is for; all, where it is missing. */
  files?: string[];
  /** The plugin, under the name `dma-fence`. */
  plugins?: Record<string, { meta: { name: string; version: string; namespace: string } }>;
  /** Has TypeScript files read with their types. */
  languageOptions?: { parserOptions: { projectService: boolean } };
  /** What each rule says, and its options. */
  rules?: Record<string, 'off' | 'warn' | 'error' | ['warn' | 'error', ...unknown[]]>;
};

const order: readonly Exclude<RuleSet, 'resources'>[] = ['recommended', 'strict', 'all'];

/** Each rule set has the sets before it too; `strict` also asks more of a rule that `recommended` has. */
function entries(set: Exclude<RuleSet, 'resources'>): RuleEntries {
  const on: RuleEntries = {};
  for (const [name, { meta }] of Object.entries(rules)) {
    if (meta.docs.set === 'resources') continue;
    if (order.indexOf(meta.docs.set) <= order.indexOf(set)) on[`dma-fence/${name}`] = 'error';
  }
  if (set !== 'recommended') on['dma-fence/no-blocking-in-signalling'] = ['error', { fenceWaits: 'always' }];
  return on;
}

/** The rules for the resources that the settings declare. */
function resourceEntries(): RuleEntries {
  const on: RuleEntries = {};
  for (const [name, { meta }] of Object.entries(rules))
    if (meta.docs.set === 'resources') on[`dma-fence/${name}`] = 'error';
  return on;
}

/** Rules that, without types, are sure of what they say from one function and its imports. */
const withoutTypes: readonly string[] = [
  'balanced-signalling',
  'check-callback-result',
  'no-await-fence',
  'no-await-in-error-scope',
  'no-blocking-callback',
  'no-blocking-in-signalling',
  'no-clone-fence',
  'no-double-put',
  'no-fence-leak',
  'no-floating-fence',
  'no-misused-wait',
  'no-put-borrowed',
  'no-use-after-put',
  'valid-ownership-tags',
];

/** What gives the rules their types, where a parser for TypeScript is set: each file is read with its `tsconfig.json`. */
const typed: DmaFenceConfig = {
  name: 'dma-fence/typed',
  files: ['**/*.{ts,tsx,mts,cts}'],
  languageOptions: { parserOptions: { projectService: true } },
};

/** The flat configurations; those with rules bring the plugin along under the name `dma-fence`. */
export function makeConfigs(
  plugin: NonNullable<DmaFenceConfig['plugins']>[string],
): Record<ConfigName, DmaFenceConfig> {
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
    resources: { name: 'dma-fence/resources', plugins, rules: resourceEntries() },
    'disable-type-checked': { name: 'dma-fence/disable-type-checked', plugins, rules: off },
    oxlint: { name: 'dma-fence/oxlint', plugins, rules: oxlint },
  };
}
