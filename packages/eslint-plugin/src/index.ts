import type { TSESLint } from '@typescript-eslint/utils';
import { makeConfigs, type DmaFenceConfig } from './configs.js';
import { rules as ours } from './rules/index.js';
import { presets, type ResourcePreset } from './types/presets.js';
import type { ResourceOrigin, ResourceRow, ResourceRows } from './types/resource-row.js';
import { version } from './version.js';

/**
 * The plugin as `eslint.config.js` takes it.
 *
 * @example List the rules
 * ```ts
 * import dmaFence, { type DmaFencePlugin } from '@dma-fence/eslint-plugin';
 *
 * const { rules }: DmaFencePlugin = dmaFence;
 * Object.keys(rules).includes('no-fence-leak'); // true
 * ```
 */
export interface DmaFencePlugin {
  /** Who the plugin is, for ESLint's caches and messages. */
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string };
  /** Every rule by its name. */
  readonly rules: Record<string, TSESLint.LooseRuleDefinition>;
  /**
   * The flat configurations: `typed` has TypeScript files read with their types, the others have rules and bring the
   * plugin along under the name `dma-fence`.
   */
  readonly configs: Record<
    'typed' | 'recommended' | 'strict' | 'all' | 'resources' | 'disable-type-checked' | 'oxlint',
    DmaFenceConfig
  >;
  /** Rows for `settings['dma-fence'].resources`: what other libraries' values need, and which calls give them out. */
  readonly resources: Readonly<Record<ResourcePreset, ResourceRows>>;
}

const meta = { name: '@dma-fence/eslint-plugin', version, namespace: 'dma-fence' };

/** What configurations bring along: the plugin without them. */
const withRules = { meta, rules: { ...ours } };

/**
 * The ESLint plugin of dma-fence: ownership of fence references and signalling sections, checked on every path.
 *
 * @example The whole of eslint.config.js, where a parser for TypeScript is set up already
 * ```ts
 * import dmaFence from '@dma-fence/eslint-plugin';
 *
 * export default [dmaFence.configs.recommended];
 * ```
 */
const plugin: DmaFencePlugin = {
  ...withRules,
  configs: makeConfigs(withRules),
  resources: presets,
};

/**
 * The configurations by themselves: what `require()` gives in a configuration in CommonJS, which has no default export.
 *
 * @example An eslint.config.cjs would begin with require() instead of import
 * ```ts
 * import { configs } from '@dma-fence/eslint-plugin';
 *
 * export default [configs.recommended];
 * ```
 */
export const configs: DmaFencePlugin['configs'] = plugin.configs;

/**
 * The rules by themselves, likewise.
 *
 * @example Whether there is a rule of that name
 * ```ts
 * import { rules } from '@dma-fence/eslint-plugin';
 *
 * 'no-fence-leak' in rules; // true
 * ```
 */
export const rules: DmaFencePlugin['rules'] = plugin.rules;

/**
 * The presets by themselves, likewise.
 *
 * @example The types that the preset for WebCodecs declares
 * ```ts
 * import { resources } from '@dma-fence/eslint-plugin';
 *
 * resources.webcodecs.some((row) => row.name === 'VideoFrame'); // true
 * ```
 */
export const resources: DmaFencePlugin['resources'] = plugin.resources;

export type { DmaFenceConfig, ResourceOrigin, ResourcePreset, ResourceRow, ResourceRows };

export default plugin;
