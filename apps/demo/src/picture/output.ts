import { constants } from 'node:fs';
import { access, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { reasonOf, UserError } from '../command/user-error.js';

const ASIDE = /^\.dma-fence-(\d+)-\d+\.tmp$/;

/**
 * The folder that takes the results. A file is written aside and renamed when it is whole, so that
 * nobody ever sees half of one, whatever ends the run.
 */
export class OutputFolder {
  readonly path: string;
  #written = 0;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Makes the folder if need be, and clears away what killed runs left aside in it.
   *
   * @returns the folder; {@link UserError} if nothing can be written there
   */
  static async open(path: string): Promise<OutputFolder> {
    try {
      await makeFolder(path);
      await access(path, constants.W_OK | constants.X_OK);
      for (const name of await readdir(path)) {
        const writer = ASIDE.exec(name)?.[1];
        if (writer !== undefined && !isAlive(Number(writer))) await rm(join(path, name), { force: true });
      }
      return new OutputFolder(await realpath(path));
    } catch (error) {
      throw new UserError(`cannot write to ${path}: ${reasonOf(error)}`, { cause: error });
    }
  }

  /**
   * Writes one whole file.
   *
   * @param name - its name in the folder; a file of that name is replaced
   * @param content - all of it
   * @param signal - aborts before the rename: then nothing of the file is left
   * @returns the file's path; {@link UserError} if it could not be written, and then it is as it was before
   */
  async write(name: string, content: Uint8Array | string, signal?: AbortSignal): Promise<string> {
    const path = join(this.path, name);
    this.#written += 1;
    const aside = join(this.path, `.dma-fence-${String(process.pid)}-${String(this.#written)}.tmp`);
    try {
      const file = await open(aside, 'wx');
      try {
        await file.writeFile(content);
        // A full disk may show only here.
        await file.sync();
      } finally {
        await file.close();
      }
      signal?.throwIfAborted();
      await rename(aside, path);
      return path;
    } catch (error) {
      await rm(aside, { force: true }).catch(() => undefined);
      if (signal?.aborted === true) throw error;
      throw new UserError(`cannot write ${path}: ${reasonOf(error)}`, { cause: error });
    }
  }
}

/** Like a recursive `mkdir`, which never comes back where folders cannot be made, as in `/proc`. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      if (!(await stat(path)).isDirectory()) throw new UserError('not a folder', { cause: error });
    } else if (code === 'ENOENT' && dirname(path) !== path) {
      await makeFolder(dirname(path));
      await mkdir(path);
    } else throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
