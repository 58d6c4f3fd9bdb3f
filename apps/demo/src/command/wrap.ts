/**
 * Breaks a line at its spaces so that it fits; what goes on is indented.
 *
 * @param columns - of the reader's terminal; `Infinity` where there is none, and then the line stays one
 */
export function wrap(line: string, columns: number): string {
  const lines: string[] = [];
  let rest = line;
  while (rest.length > columns) {
    const end = rest.lastIndexOf(' ', columns);
    // A word that is too long, and an indentation, stay what they are.
    if (rest.slice(0, end).trim() === '') break;
    lines.push(rest.slice(0, end));
    rest = `  ${rest.slice(end + 1)}`;
  }
  return [...lines, rest].join('\n');
}
