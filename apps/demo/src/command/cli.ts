import { createRequire } from 'node:module';
import { helpText, parseOptions } from './options.js';
import type { Streams } from '../run.js';
import { columnsOf, wrap } from './wrap.js';

/** How a program ends. */
export const EXIT = { OK: 0, WRONG: 1, USAGE: 2, INTERRUPTED: 130 } as const;

/**
 * The whole program but for signals and exit.
 *
 * @param args - command line without the program's name
 * @param signal - interrupts it: the promise then rejects with its reason
 * @returns the exit code; rejects with {@link UserError} for what a person can put right
 */
export async function runCli(
  args: readonly string[],
  streams: Streams,
  signal: AbortSignal,
): Promise<number> {
  const command = parseOptions(args);
  if (command === 'help') return say(streams, fitted(helpText(), streams));
  if (command === 'version') return say(streams, `${version()}\n`);
  // Not before it is needed: the decoder takes longer to load than --help to print.
  const [{ run }, { isRight, jsonReport, textReport }] = await Promise.all([
    import('../run.js'),
    import('./report.js'),
  ]);
  const report = await run(command, streams, signal);
  const { stdout } = streams;
  const colour = stdout.isTTY && stdout.hasColors();
  say(streams, command.json ? jsonReport(report) : textReport(report, colour, columnsOf(stdout)));
  if (report.unreadable.length > 0) return EXIT.USAGE;
  return isRight(report) ? EXIT.OK : EXIT.WRONG;
}

function version(): string {
  const require = createRequire(import.meta.url);
  return (require('../../package.json') as { version: string }).version;
}

function fitted(text: string, { stdout }: Streams): string {
  const columns = columnsOf(stdout) ?? Infinity;
  return text
    .split('\n')
    .map((line) => wrap(line, columns))
    .join('\n');
}

function say({ stdout }: Streams, text: string): number {
  stdout.write(text);
  return EXIT.OK;
}
