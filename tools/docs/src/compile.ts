import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { root } from '../../../scripts/workspace.js';
import type { Sample } from './sample.ts';

/** Samples are compiled as if they were files of this package, which depends on all that we publish. */
const folder = fileURLToPath(new URL('../samples', import.meta.url));

/** Type-checks all samples with the settings of the repository; answers with the errors of each. */
export function compile(samples: readonly Sample[]): string[][] {
  const files = new Map(samples.map(({ code }, index) => [join(folder, `${index}.ts`), code]));
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  host.fileExists = (file) => files.has(file) || ts.sys.fileExists(file);
  host.readFile = (file) => files.get(file) ?? ts.sys.readFile(file);
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].map((file, index) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(file))
      .map((diagnostic) => explain(diagnostic, samples[index])),
  );
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (file) => ts.sys.readFile(file)) as {
    config: object;
  };
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  return {
    ...options,
    types: [...(options.types ?? []), '@webgpu/types'],
    moduleDetection: ts.ModuleDetectionKind.Force,
    // A sample shows a thing without having to use it.
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
}

function explain(diagnostic: ts.Diagnostic, sample: Sample | undefined): string {
  const message = ts.flattenDiagnosticMessageText(diagnostic.messageText, '\n');
  if (sample === undefined || diagnostic.file === undefined || diagnostic.start === undefined) return message;
  const { line } = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
  return `${relative(root, sample.file)}:${sample.line + line}: ${message}`;
}
