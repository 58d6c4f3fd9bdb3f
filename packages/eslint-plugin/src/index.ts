import type { TSESLint } from '@typescript-eslint/utils';
import { makeConfigs, type ConfigName } from './configs.js';
import { rules, type AnyRule } from './rules/index.js';
import { version } from './version.js';

/** The plugin as `eslint.config.js` takes it: rules, and the configurations that turn them on. */
export interface DmaFencePlugin {
  readonly meta: { readonly name: string; readonly version: string; readonly namespace: string };
  readonly rules: Record<string, AnyRule>;
  readonly configs: Record<ConfigName, TSESLint.FlatConfig.Config & { readonly name: string }>;
}

const meta = { name: '@dma-fence/eslint-plugin', version, namespace: 'dma-fence' };

/**
 * The ESLint plugin of dma-fence: ownership of fence references and signalling sections, checked on every path.
 *
 * @example eslint.config.js
 * ```js
 * import dmaFence from '@dma-fence/eslint-plugin';
 *
 * export default [dmaFence.configs.recommended];
 * ```
 */
const plugin: DmaFencePlugin = {
  meta,
  rules: { ...rules },
  configs: makeConfigs({ meta, rules: { ...rules } }),
};

export default plugin;
