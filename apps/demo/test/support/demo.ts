import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const MAIN = join(import.meta.dirname, '..', '..', 'dist', 'main.js');

/** How a run of the program ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder of one's own, gone when disposed of. */
export class Scratch implements AsyncDisposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async make(): Promise<Scratch> {
    return new Scratch(await mkdtemp(join(tmpdir(), 'dma-fence-demo-')));
  }

  at(...names: string[]): string {
    return join(this.path, ...names);
  }

  /** What is in it or in a folder of it, hidden files too, sorted. */
  async list(...names: string[]): Promise<string[]> {
    return (await readdir(this.at(...names))).sort();
  }

  /** What is in the output folder, but for the timeline of a run that came to its end. */
  async results(): Promise<string[]> {
    return (await this.list('out')).filter((name) => name !== 'timeline.html');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

/** Where and how the program is run. */
export interface Surroundings {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdio?: StdioOptions;
  /** A shell line in which `"$@"` stands for the program. */
  readonly shell?: string;
}

/** Starts the program. */
export function startDemo(args: readonly string[], { cwd, env, stdio, shell }: Surroundings): ChildProcess {
  const program = [process.execPath, MAIN, ...args];
  const [command = '', ...rest] = shell === undefined ? program : ['sh', '-c', shell, 'sh', ...program];
  // Colours and such are for tests to ask for, not to be inherited from whoever runs them.
  // CI counts as a terminal with colours to the library that paints.
  const inherited = {
    ...process.env,
    CI: undefined,
    NO_COLOR: undefined,
    FORCE_COLOR: undefined,
    NODE_OPTIONS: undefined,
  };
  return spawn(command, rest, {
    cwd,
    env: { ...inherited, ...env },
    stdio: stdio ?? ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits until it has ended and all its output is there. */
export function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      resolve({ code, signal, stdout, stderr });
    });
  });
}

/** Runs the program to its end. */
export function runDemo(args: readonly string[], surroundings: Surroundings): Promise<Ended> {
  return ended(startDemo(args, surroundings));
}
