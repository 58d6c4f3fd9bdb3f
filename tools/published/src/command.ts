import { execFile } from 'node:child_process';

/** What a command printed. */
export interface Output {
  stdout: string;
  stderr: string;
}

/** How a command is run. */
export interface CommandOptions {
  cwd: string;
  env?: Record<string, string>;
}

/** Runs a command to its end; rejects with all that it printed when it fails. */
export function command(
  file: string,
  args: readonly string[],
  { cwd, env }: CommandOptions,
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 };
    execFile(file, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ stdout, stderr });
      else reject(new Error(`${file} ${args.join(' ')}\n${stdout}\n${stderr}`, { cause: error }));
    });
  });
}
