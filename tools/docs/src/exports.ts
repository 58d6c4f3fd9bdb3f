import { relative } from 'node:path';
import ts from 'typescript';
import { type Entry, root } from '../../../scripts/workspace.js';

/** A doc comment's titled example. */
interface DocExample {
  title: string;
  code: string;
  /** The line of the source file on which the code begins. */
  line: number;
  /** False for a block marked `ts check`, as in `Sample`. */
  run: boolean;
}

/** Something that people can import, and what its doc comment says. */
export interface Export {
  name: string;
  /** Where it is declared, as `packages/core/src/fence/fence.ts:12`. */
  place: string;
  file: string;
  /** The first sentence, empty where there is no doc comment. */
  summary: string;
  examples: DocExample[];
}

/** Lists what an entry point exports, with the doc comments of its sources. */
export function readExports(entry: Entry): Export[] {
  const program = ts.createProgram([entry.source], {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    customConditions: ['@dma-fence/source'],
    allowImportingTsExtensions: true,
    noEmit: true,
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry.source);
  const module = source === undefined ? undefined : checker.getSymbolAtLocation(source);
  if (module === undefined) throw new Error(`${entry.specifier}: ${entry.source} is no module`);
  return checker.getExportsOfModule(module).map((exported) => {
    const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0;
    return describe(exported.name, isAlias ? checker.getAliasedSymbol(exported) : exported, checker);
  });
}

function describe(name: string, symbol: ts.Symbol, checker: ts.TypeChecker): Export {
  const declarations = symbol.declarations ?? [];
  const [first] = declarations;
  if (first === undefined) throw new Error(`${name} is exported but not declared`);
  const source = first.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(first.getStart());
  const comments = declarations.flatMap((declaration) =>
    ts.getJSDocCommentsAndTags(declaration).filter((node) => ts.isJSDoc(node)),
  );
  return {
    name,
    file: source.fileName,
    place: `${relative(root, source.fileName)}:${line + 1}`,
    summary: ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim(),
    examples: [...new Set(comments)].flatMap(readExamples),
  };
}

const EXAMPLE = /@example +(?<title>\S.*)\n+(?<fence>```ts(?: check)?\n)(?<code>[\s\S]*?)\n```/g;

/** Finds the titled `ts` blocks of a doc comment. */
function readExamples(comment: ts.JSDoc): DocExample[] {
  const source = comment.getSourceFile();
  const text = comment.getText().replaceAll(/^[ \t]*\*(?!\/) ?/gm, '');
  const { line } = source.getLineAndCharacterOfPosition(comment.getStart());
  return [...text.matchAll(EXAMPLE)].map(({ groups, index, 0: whole }) => {
    const { title = '', code = '', fence = '' } = groups ?? {};
    const before = text.slice(0, index + whole.indexOf(fence) + fence.length);
    return { title, code, line: line + before.split('\n').length, run: !fence.includes('check') };
  });
}
