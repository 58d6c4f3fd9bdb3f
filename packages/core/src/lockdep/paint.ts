/** What we use of Node's `process`. */
interface Host {
  process?: {
    readonly env?: Readonly<Record<string, string | undefined>>;
    readonly stderr?: { readonly isTTY?: boolean };
  };
}

const RED = '\u001b[31m';
const CYAN = '\u001b[36m';
const BOLD = '\u001b[1m';
const DIM = '\u001b[2m';
const RESET = '\u001b[0m';

/** Whether standard error is a terminal that wants colours; by the usual rules, https://no-color.org among them. */
export function wantsColour(host: object = globalThis): boolean {
  const { process } = host as Host;
  const { NO_COLOR, FORCE_COLOR, TERM } = process?.env ?? {};
  if (NO_COLOR !== undefined && NO_COLOR !== '') return false;
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return process?.stderr?.isTTY === true && TERM !== 'dumb';
}

/** A report's text for a terminal: what is wrong stands out, then the cycle, then what to change; stacks step back. */
export function paint(text: string): string {
  let title = true;
  let advice = false;
  return text
    .split('\n')
    .map((line) => {
      title &&= line !== '';
      if (title) return `${BOLD}${RED}${line}${RESET}`;
      advice ||= line.startsWith('  What to change: ');
      if (advice) return line.replace('What to change:', `${BOLD}What to change:${RESET}`);
      if (/^ +[┌│└]/.test(line)) return `${CYAN}${line}${RESET}`;
      return /^ +at /.test(line) ? `${DIM}${line}${RESET}` : line;
    })
    .join('\n');
}
