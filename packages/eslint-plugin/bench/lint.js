/** One typed lint run over a subject, in this process, with fresh types. */
import { readFileSync } from 'node:fs';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { clearCaches } from '@typescript-eslint/parser';
import dmaFence from '@dma-fence/eslint-plugin';

/** @typedef {import('./subjects.js').Subject} Subject */

export const FLOATING = '@typescript-eslint/no-floating-promises';

/** Other people's code lies in `node_modules`, which ESLint leaves out by itself. */
export const IN_PACKAGES = { ignores: ['!**/node_modules/'] };

/**
 * @param {Subject} subject
 * @returns {import('eslint').Linter.Config}
 */
export function configFor({ tsconfig }) {
  const { plugins, rules } = dmaFence.configs.all;
  return /** @type {import('eslint').Linter.Config} */ ({
    files: ['**/*.ts'],
    languageOptions: {
      parser: tseslint.parser,
      parserOptions: { project: tsconfig, disallowAutomaticSingleRunInference: false },
    },
    plugins: { '@typescript-eslint': tseslint.plugin, ...plugins },
    // Comments of the subject must not switch anything off, nor name rules that are not here.
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' },
    rules: { [FLOATING]: 'error', ...rules },
  });
}

/**
 * Milliseconds in all rules of the plugin, in `no-floating-promises`, and in the whole run; the first rule that asks
 * for a type pays for it, as in any lint run: that is `no-floating-promises`, which listens to statements, and not we,
 * who begin when a file is over.
 *
 * @param {Subject} subject
 */
export function lintTimes(subject) {
  clearCaches();
  const linter = new Linter({ configType: 'flat', cwd: '/' });
  const config = [IN_PACKAGES, configFor(subject)];
  let [ours, floating, whole, lines] = [0, 0, 0, 0];
  for (const file of subject.files) {
    const text = readFileSync(file, 'utf8');
    lines += text.split('\n').length;
    const options = { filename: file, fix: false, stats: true };
    const began = performance.now();
    const fatal = linter.verifyAndFix(text, config, options).messages.find((one) => one.fatal);
    if (fatal !== undefined) throw new Error(`${file}: ${fatal.message}`);
    whole += performance.now() - began;
    for (const { rules = {} } of linter.getTimes().passes) {
      for (const [rule, { total }] of Object.entries(rules)) {
        if (rule === FLOATING) floating += total;
        else ours += total;
      }
    }
  }
  return { files: subject.files.length, lines, ours, floating, whole };
}
