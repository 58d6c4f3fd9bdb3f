/**
 * TypeScript to what every browser runs: types are dropped, `using` becomes `try` and `finally`, imports become calls of
 * `require`, which the run provides.
 */
export async function compile(code: string): Promise<string> {
  const { default: ts } = await import('typescript');
  const { outputText, diagnostics = [] } = ts.transpileModule(code, {
    reportDiagnostics: true,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.CommonJS,
      esModuleInterop: true,
    },
  });
  const [first] = diagnostics;
  if (first !== undefined) {
    const { line = 0 } =
      first.start === undefined || first.file === undefined
        ? {}
        : first.file.getLineAndCharacterOfPosition(first.start);
    throw new Error(`line ${String(line + 1)}: ${ts.flattenDiagnosticMessageText(first.messageText, ' ')}`);
  }
  return outputText;
}
