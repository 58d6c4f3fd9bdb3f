import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { dumpAtExit, dumpFences, named } from '@dma-fence/core/debug';
import { describe, expect, test } from 'vitest';
import { thrown } from '../support.js';

const child = fileURLToPath(new URL('children/hangs.js', import.meta.url));

/** Runs a program that ends in that way; answers with how, and what it printed. */
function run(mode: string): Promise<{ printed: string; code: number | null; signal: string | null }> {
  return new Promise((resolve) => {
    const running = execFile(process.execPath, [child, mode], (_error, stdout, stderr) => {
      resolve({ printed: (stdout + stderr).trim(), code: running.exitCode, signal: running.signalCode });
    });
  });
}

describe('a process that ends while somebody waits says for what, and ends as it would', () => {
  test.each([
    ['await', 13, null],
    ['exit', 3, null],
    ['throw', 1, null],
    ['SIGTERM', null, 'SIGTERM'],
    ['SIGINT', null, 'SIGINT'],
  ])('%s', async (mode, code, signal) => {
    const ended = await run(mode);
    expect([ended.code, ended.signal]).toEqual([code, signal]);
    expect(ended.printed.match(/The process ends/g)).toHaveLength(1);
    expect(ended.printed).toMatch(/gpu:ring0:\d+:1 .*hangs\.js:/);
  });

  test('a promise with a name is in it', async () => {
    const { printed, code } = await run('named');
    expect(code).toBe(13);
    expect(printed).toMatch(/1 named wait\nthe answer of the device {2}\d+ ms {2}.*hangs\.js:/);
  });

  test('where nothing is pending, and where it was taken back, nothing is printed', async () => {
    expect(await run('done')).toEqual({ printed: '', code: 0, signal: null });
    expect(await run('undone')).toMatchObject({
      printed: expect.not.stringContaining('The process ends') as string,
    });
  });
});

test('a named promise is the promise itself, and leaves the table when it settles', async () => {
  const held: { resolve?: () => void } = {};
  const promise = new Promise<void>((resolve) => (held.resolve = resolve));
  expect(named(promise, 'the device')).toBe(promise);
  expect(dumpFences(() => undefined)).toContain('the device');
  held.resolve?.();
  await promise;
  expect(dumpFences(() => undefined)).not.toContain('the device');
  const failed = Promise.reject(new Error('no'));
  await expect(named(failed, 'a failure')).rejects.toThrow('no');
});

test('wrong arguments are refused', () => {
  for (const call of [
    () => named(5 as never, 'x'),
    () => named(Promise.resolve(), ''),
    () => dumpAtExit({ streem: 5 } as never),
    () => dumpAtExit({ stream: {} as never }),
  ]) {
    expect(thrown(call)).toMatchObject({ code: 'EINVAL' });
  }
});
