import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { analyse, type Analysis, type AnalysisContext } from '../../src/analysis/analysis.js';

const linter = new Linter({ configType: 'flat' });

/** The analysis of a snippet, without types: what a rule would get. */
export function analysisOf(code: string): Analysis {
  let analysis: Analysis | undefined;
  const spy = {
    create(context: unknown) {
      analysis = analyse(context as AnalysisContext);
      return {};
    },
  };
  linter.verify(
    code,
    {
      files: ['**/*.ts'],
      languageOptions: { parser },
      plugins: { test: { rules: { spy } } },
      rules: { 'test/spy': 'error' },
    },
    'file.ts',
  );
  if (analysis === undefined) throw new Error('the snippet never names a fence, or does not parse');
  return analysis;
}
