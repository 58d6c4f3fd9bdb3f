import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Where jobs and results go: a fence carries a number and a code, data goes its own way. Machines would share a bucket or a disk;
 * here it is a folder. Files are written aside and renamed, so that nobody sees half of one.
 */
export class JobFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Which band is drawn under a number of an engine. */
  putJob(engine: string, value: number, band: number): Promise<void> {
    return this.#put(`job-${engine}-${String(value)}`, String(band));
  }

  async job(engine: string, value: number): Promise<number | undefined> {
    const found = await readFile(join(this.path, `job-${engine}-${String(value)}`), 'utf8').catch(
      () => undefined,
    );
    return found === undefined ? undefined : Number(found);
  }

  /** The number of the job is in the name: what a dead engine may still write is another file than its successor's. */
  putResult(engine: string, value: number, bytes: Uint8Array): Promise<void> {
    return this.#put(`result-${engine}-${String(value)}`, bytes);
  }

  result(engine: string, value: number): Promise<Uint8Array> {
    return readFile(join(this.path, `result-${engine}-${String(value)}`));
  }

  async #put(name: string, data: Uint8Array | string): Promise<void> {
    const aside = join(this.path, `.${name}-${String(process.pid)}`);
    await writeFile(aside, data);
    await rename(aside, join(this.path, name));
  }
}
