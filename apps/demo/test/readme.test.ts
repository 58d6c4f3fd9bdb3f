import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { runDemo, Scratch } from './support/demo.ts';

/** A command line in the README and what it shows of its output, `…` for anything in between. */
interface Sample {
  readonly command: string;
  readonly shown: readonly string[];
}

const README = await readFile(new URL('../README.md', import.meta.url), 'utf8');
const SAMPLES: Sample[] = [
  ...README.matchAll(/```sh\nnpm start -- ([^\n]*)\n```\n\n```text\n([^`]*)```/g),
].map(([, command = '', shown = '']) => ({ command, shown: shown.trim().split('\n') }));

/** Numbers, units of time, widths and folders are those of one run on one machine. */
function alike(line: string): string {
  return line
    .replaceAll(/\S*\/(?=[\w-]+\.js)/g, '')
    .replaceAll(/\d[\d.,:]*/g, '#')
    .replaceAll(/# (µs|ms|s)\b/g, '# of time')
    .replaceAll(/[ ─]+/g, ' ')
    .trim();
}

describe.concurrent('the README shows what the program says', () => {
  it('of the validator, a planted deadlock, and pending fences', () => {
    for (const option of ['--validate', '--deadlock', '--dump-pending'])
      expect(SAMPLES.some(({ command }) => command.includes(option))).toBe(true);
  });

  it.each(SAMPLES)('npm start -- $command', async ({ command, shown }) => {
    await using scratch = await Scratch.make();
    const { stdout, stderr } = await runDemo(command.split(' '), { cwd: scratch.path });
    expect(stderr).toBe('');
    const said = stdout.split('\n').map(alike);
    let from = 0;
    for (const line of shown.map(alike)) {
      if (line === '…') continue;
      const at = said.indexOf(line, from);
      if (at === -1) expect(said.slice(from)).toContain(line);
      from = at + 1;
    }
  });
});
