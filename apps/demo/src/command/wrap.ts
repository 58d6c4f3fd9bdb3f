/**
 * Breaks a line at its spaces so that it fits; what goes on is indented.
 *
 * @param columns - of the reader's terminal; `Infinity` where nobody knows, and then the line stays one
 */
export function wrap(line: string, columns: number): string {
  const indentation = `${/^ */.exec(line)?.[0] ?? ''}  `;
  const lines: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const words = rest.length - rest.trimStart().length;
    // Where the first word alone is too long, it sticks out, and the line breaks behind it.
    const end = Math.max(rest.lastIndexOf(' ', columns), rest.indexOf(' ', words));
    if (end < words || end === -1) break;
    lines.push(rest.slice(0, end));
    rest = indentation + rest.slice(end + 1);
  }
  return [...lines, rest].join('\n');
}

/** How wide a terminal is: some say 0 (containers, `expect`), which means that they do not know. */
export function columnsOf({ isTTY, columns }: NodeJS.WriteStream): number | undefined {
  return isTTY && columns > 0 ? columns : undefined;
}
