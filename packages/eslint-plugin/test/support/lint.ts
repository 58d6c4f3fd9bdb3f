import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { fileURLToPath } from 'node:url';
import plugin from '@dma-fence/eslint-plugin';

const fixtures = fileURLToPath(new URL('../fixtures/', import.meta.url));

/** The file whose place a snippet takes. */
export const fixtureFile = `${fixtures}file.ts`;

/** A report, as a line of a table: where it is and which rule made it. */
export interface Report {
  readonly line: number;
  readonly rule: string;
  readonly message: string;
  readonly suggestions: readonly string[];
}

export interface LintOptions {
  readonly config?: keyof typeof plugin.configs;
  readonly typed?: boolean;
  readonly rules?: Linter.RulesRecord;
  readonly settings?: Record<string, unknown>;
}

/** The rules for resources, with every type that ships with the plugin. */
export const withPresets: LintOptions = {
  config: 'resources',
  settings: { 'dma-fence': { resources: Object.values(plugin.resources).flat() } },
};

const linter = new Linter({ configType: 'flat', cwd: fixtures });

/** The configuration a snippet is linted with; the snippet takes the place of `test/fixtures/file.ts`. */
export function configFor({
  config = 'all',
  typed = true,
  rules = {},
  settings = {},
}: LintOptions = {}): Linter.Config[] {
  const base = plugin.configs[config] as Linter.Config;
  return [
    {
      ...base,
      files: ['**/*.ts'],
      settings,
      languageOptions: {
        parser,
        // The snippet is not what is on disk: in CI the parser would take it for a single run, and read the file instead.
        parserOptions: typed
          ? {
              project: './tsconfig.json',
              tsconfigRootDir: fixtures,
              disallowAutomaticSingleRunInference: true,
            }
          : {},
      },
      rules: { ...base.rules, ...rules },
    },
  ];
}

/** Lints a snippet with one of the plugin's configurations. */
export function lint(code: string, options: LintOptions = {}): Report[] {
  return linter
    .verify(code, configFor(options), fixtureFile)
    .map(({ line, ruleId, message, suggestions }) => ({
      line,
      rule: (ruleId ?? 'fatal').replace('dma-fence/', ''),
      message,
      suggestions: (suggestions ?? []).map(
        ({ fix }) => code.slice(0, fix.range[0]) + fix.text + code.slice(fix.range[1]),
      ),
    }));
}

/** Reports as `line rule`, for comparing. */
export function places(reports: readonly Report[]): string[] {
  return reports.map(({ line, rule }) => `${String(line)} ${rule}`);
}
