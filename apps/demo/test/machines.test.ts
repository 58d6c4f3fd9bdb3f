import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

const program = fileURLToPath(new URL('../dist/machines/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'machines-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [program, ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

describe('npm run machines', () => {
  test('without a server draws the picture in memory, although an engine is killed', async () => {
    const output = join(folder, 'picture.png');
    const { code, stdout, stderr } = await run('--memory', '--output', output);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/east: what it owed failed with ECANCELED after \d\.\d s/);
    expect(stdout).toContain('another engine owns the timeline');
    expect(stdout).toContain('every byte is right');
    expect(readFileSync(output).subarray(1, 4).toString()).toBe('PNG');
  });

  test.each([
    [['--server', 'foo'], 2, 'not foo'],
    [['--server', 'http://127.0.0.1'], 2, 'nats://, postgres:// or redis://'],
    [['--bogus'], 2, "Unknown option '--bogus'"],
    [['--server', 'redis://127.0.0.1:1'], 1, 'could not be reached'],
  ])('%s ends with one line', async (args, expected, said) => {
    const { code, stderr } = await run(...args);
    expect(code).toBe(expected);
    expect(stderr).toContain(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('--help says how it is used', async () => {
    expect((await run('--help')).stdout).toContain('usage: npm run machines');
  });
});
