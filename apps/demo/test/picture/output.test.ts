import { chmod, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import * as fs from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { OutputFolder } from '../../src/picture/output.ts';
import { UserError } from '../../src/command/user-error.ts';
import { Scratch } from '../support/demo.ts';
import { asNobody } from '../support/nobody.ts';

vi.mock('node:fs/promises', { spy: true });

/** A process that is certainly no more: numbers this high are not given out. */
const DEAD = 2 ** 22 + 17;

let scratch: Scratch;

beforeEach(async () => {
  scratch = await Scratch.make();
});

afterEach(() => scratch[Symbol.asyncDispose]());

describe('open', () => {
  it('makes the folder and those above it', async () => {
    const folder = await OutputFolder.open(scratch.at('a', 'b', 'c'));
    await folder.write('x', 'content');
    expect(await readFile(scratch.at('a', 'b', 'c', 'x'), 'utf8')).toBe('content');
  });

  it('follows a link to a folder', async () => {
    await mkdir(scratch.at('real'));
    await symlink(scratch.at('real'), scratch.at('link'));
    const folder = await OutputFolder.open(scratch.at('link'));
    expect(folder.path).toBe(scratch.at('real'));
  });

  it('clears away what a killed run left aside, and nothing else', async () => {
    const others = [
      `.dma-fence-${String(process.pid)}-7.tmp`,
      '.dma-fence-x-1.tmp',
      'dma-fence-1-1.tmp',
      'mine.png',
    ];
    for (const name of [...others, `.dma-fence-${String(DEAD)}-3.tmp`])
      await writeFile(scratch.at(name), 'half');
    await OutputFolder.open(scratch.path);
    expect(await scratch.list()).toEqual(others.sort());
  });

  it.each([
    ['a file', 'not a folder', 'file'],
    ['below a file', 'not a folder', 'file/below'],
  ])('refuses %s', async (_, reason, path) => {
    await writeFile(scratch.at('file'), 'mine');
    await expect(OutputFolder.open(scratch.at(path))).rejects.toThrow(
      `cannot write to ${scratch.at(path)}: ${reason}`,
    );
    expect(await readFile(scratch.at('file'), 'utf8')).toBe('mine');
  });

  it('refuses, rather than trying for ever, where no folder can be made', async () => {
    await expect(OutputFolder.open('/proc/demo/out')).rejects.toThrow(UserError);
  });
});

describe('write', () => {
  it('replaces a file in one step', async () => {
    const folder = await OutputFolder.open(scratch.path);
    await folder.write('x', 'old');
    expect(await folder.write('x', Buffer.from('new'))).toBe(scratch.at('x'));
    expect(await readFile(scratch.at('x'), 'utf8')).toBe('new');
    expect(await scratch.list()).toEqual(['x']);
  });

  it('a full disk leaves the old file, and nothing aside', async () => {
    const folder = await OutputFolder.open(scratch.path);
    await folder.write('x', 'old');
    // Every write to this device fails as on a full disk.
    const full = await fs.open('/dev/full', 'w');
    vi.mocked(fs.open).mockImplementationOnce(async (path) => {
      await writeFile(path, 'half');
      return full;
    });
    await expect(folder.write('x', 'new')).rejects.toThrow(
      `cannot write ${scratch.at('x')}: no space left on the device`,
    );
    expect(await readFile(scratch.at('x'), 'utf8')).toBe('old');
    expect(await scratch.list()).toEqual(['x']);
  });

  it('an interrupted write leaves nothing and says why', async () => {
    const folder = await OutputFolder.open(scratch.path);
    const interrupt = new AbortController();
    const reason = new Error('enough');
    interrupt.abort(reason);
    await expect(folder.write('x', 'new', interrupt.signal)).rejects.toBe(reason);
    expect(await scratch.list()).toEqual([]);
  });

  it('a folder of that name in the way is an error and stays', async () => {
    await mkdir(scratch.at('x'));
    const folder = await OutputFolder.open(scratch.path);
    await expect(folder.write('x', 'new')).rejects.toThrow('is a folder, not a file');
    expect(await scratch.list()).toEqual(['x']);
  });

  it('a folder that may no longer be written to is an error', async () => {
    await mkdir(scratch.at('out'));
    const folder = await OutputFolder.open(scratch.at('out'));
    await chmod(scratch.at('out'), 0o555);
    await expect(asNobody(() => folder.write('x', 'new'))).rejects.toThrow('permission denied');
    await chmod(scratch.at('out'), 0o755);
    expect(await scratch.list('out')).toEqual([]);
  });
});
