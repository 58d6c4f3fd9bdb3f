#!/usr/bin/env node
import { EXIT, runCli } from './command/cli.js';
import { printable } from './command/printable.js';
import { reasonOf, UserError } from './command/user-error.js';

const INTERRUPTS: Readonly<Record<string, number>> = { SIGINT: EXIT.INTERRUPTED, SIGTERM: 143, SIGHUP: 129 };

/** Why a run was given up, and what the program then ends with. */
class Interruption extends Error {
  readonly exitCode: number;

  constructor(what: string, exitCode: number) {
    super(what);
    this.exitCode = exitCode;
  }
}

const interrupt = new AbortController();

for (const [name, exitCode] of Object.entries(INTERRUPTS))
  process.on(name, () => {
    // The first one is polite, the second one means it.
    if (interrupt.signal.aborted) process.exit(exitCode);
    interrupt.abort(new Interruption('interrupted; nothing is left half written', exitCode));
  });

process.stdout.on('error', (error: Error) => {
  interrupt.abort(new Interruption(`cannot write to standard output: ${reasonOf(error)}`, EXIT.USAGE));
  fail(interrupt.signal.reason);
});
// Nobody is left to be told.
process.stderr.on('error', () => undefined);

try {
  process.exitCode = await runCli(process.argv.slice(2), process, interrupt.signal);
} catch (error) {
  fail(interrupt.signal.aborted ? interrupt.signal.reason : error);
}

function fail(error: unknown): void {
  if (process.exitCode !== undefined && process.exitCode !== EXIT.OK) return;
  if (error instanceof Interruption || error instanceof UserError) {
    process.exitCode = error instanceof Interruption ? error.exitCode : EXIT.USAGE;
    process.stderr.write(`dma-fence-demo: ${printable(error.message)}\n`);
  } else {
    process.exitCode = EXIT.WRONG;
    process.stderr.write(
      `dma-fence-demo: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  }
}
