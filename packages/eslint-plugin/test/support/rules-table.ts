import plugin from '@dma-fence/eslint-plugin';
import { metaOf } from './page.js';

const order = ['recommended', 'strict', 'all', 'resources'] as const;

/** One rule as the README's table has it. */
function row(name: string): string[] {
  const { docs, hasSuggestions, fixable } = metaOf(name);
  const isWithoutTypes = `dma-fence/${name}` in (plugin.configs.oxlint.rules ?? {});
  const help = [
    ...(fixable === undefined ? [] : ['fix']),
    ...(hasSuggestions === true ? ['suggestions'] : []),
  ];
  return [
    `[${name}](docs/rules/${name}.md)`,
    docs.description,
    docs.set,
    help.join(', '),
    isWithoutTypes ? 'yes' : '',
  ];
}

/** The table of all rules, the widest set last; columns are as wide as their longest cell, as Prettier has them. */
export function rulesTable(): string {
  const names = Object.keys(plugin.rules).sort(
    (a, b) =>
      order.indexOf(metaOf(a).docs.set) - order.indexOf(metaOf(b).docs.set) || (a < b ? -1 : Number(a > b)),
  );
  const rows = [['rule', 'what it asks', 'from', 'in the editor', 'without types'], ...names.map(row)];
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((cells) => cells[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}
