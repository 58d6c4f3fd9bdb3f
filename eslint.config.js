import dmaFence from '@dma-fence/eslint-plugin';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  {
    ignores: [
      '**/dist/',
      '**/coverage/',
      '**/.turbo/',
      '**/.stryker-tmp/',
      'apps/site/.pages/',
      'apps/site/.vitepress/.temp/',
      'apps/site/.vitepress/cache/',
      'tools/docs/samples/',
      'tools/published/toolbox/',
      '**/fixtures/',
      '**/corpus/',
      'packages/*/src/globals.d.ts',
    ],
  },
  {
    files: ['**/*.ts', '**/*.js'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { ignoreUsingDeclarations: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `list[i] as T` names the type that an index known to be in bounds has; `!` is forbidden by the strict set.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // An abort reason, and what a task threw, can be anything: it is passed on as it is.
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true }],
    },
  },
  {
    // Our own fences are held to what we ask of others. Tests misuse them on purpose.
    files: ['packages/*/src/**', 'apps/*/src/**'],
    extends: [dmaFence.configs.strict],
  },
  {
    files: ['**/test/**', 'apps/site/examples/**'],
    rules: {
      '@typescript-eslint/no-invalid-void-type': 'off',
      // `() => void log.push(x)` and `() => fence.put()` are how a test notes what it saw.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-meaningless-void-operator': 'off',
    },
  },
);
