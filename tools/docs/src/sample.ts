import ts from 'typescript';

/** A piece of TypeScript in documentation, whole enough to be copied and run. */
export interface Sample {
  /** What the test is called. */
  name: string;
  /** The file that it stands in, and the line on which its code begins. */
  file: string;
  line: number;
  code: string;
  /** False for a block marked `ts check`: it needs something that no test has, so it is only compiled. */
  run: boolean;
}

/** What a comment may claim of the expression before it: one plain value, and behind a colon why. */
const VALUE = /^(true|false|undefined|null|-?\d[\d_.]*|'[^']*'|\[[^\]]*\])(?:: .*)?$/;

/** What a comment may claim of a `console.log`: the text that it prints. */
const PRINTS = /^prints (.*)$/;

/**
 * Turns the claims of a sample into checks, in which lines stay where they are:
 *
 *     fence.signaled; // true: why     becomes  claim(fence.signaled, true);
 *     const won = fence.signal(); // true       const won = claim(fence.signal(), true);
 *     console.log(a, b); // prints 1 2          claimPrinted([a, b], "1 2");
 */
export function withClaims(code: string): string {
  const source = ts.createSourceFile('sample.ts', code, ts.ScriptTarget.ESNext, true);
  const edits: { from: number; to: number; text: string }[] = [];

  function visit(node: ts.Node): void {
    const expression = claimable(node);
    const comment = expression === undefined ? undefined : trailingComment(code, node.end);
    if (expression !== undefined && comment !== undefined) {
      const text = claim(expression, comment);
      if (text !== undefined) edits.push({ from: expression.getStart(), to: expression.end, text });
    }
    ts.forEachChild(node, visit);
  }
  visit(source);

  // A claim inside a claimed expression would be written over; the outer one says enough.
  const outer = edits.filter(
    (edit) => !edits.some((other) => other !== edit && other.from <= edit.from && edit.to <= other.to),
  );
  return outer
    .sort((a, b) => b.from - a.from)
    .reduce((text, edit) => text.slice(0, edit.from) + edit.text + text.slice(edit.to), code);
}

function claimable(node: ts.Node): ts.Expression | undefined {
  if (ts.isExpressionStatement(node)) return node.expression;
  if (ts.isVariableStatement(node) && node.declarationList.declarations.length === 1) {
    return node.declarationList.declarations[0]?.initializer;
  }
  return undefined;
}

function trailingComment(code: string, end: number): string | undefined {
  const [comment] = ts.getTrailingCommentRanges(code, end) ?? [];
  return comment === undefined
    ? undefined
    : code
        .slice(comment.pos, comment.end)
        .replace(/^\/\/\s*/, '')
        .trim();
}

function claim(expression: ts.Expression, comment: string): string | undefined {
  const printed = printedArguments(expression);
  const text = PRINTS.exec(comment)?.[1];
  if (printed !== undefined && text !== undefined)
    return `claimPrinted([${printed}], ${JSON.stringify(text)})`;
  const value = VALUE.exec(comment)?.[1];
  return value === undefined ? undefined : `claim(${printed ?? expression.getText()}, ${value})`;
}

/** The arguments of a `console.log`, as text. */
function printedArguments(expression: ts.Expression): string | undefined {
  if (!ts.isCallExpression(expression) || expression.expression.getText() !== 'console.log') return undefined;
  return expression.arguments.map((argument) => argument.getText()).join(', ');
}
