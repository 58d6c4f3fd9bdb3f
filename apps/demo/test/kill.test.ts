import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../src/random.ts';
import { ended, runDemo, Scratch, startDemo } from './support/demo.ts';
import { rgbaOf } from './support/reference-picture.ts';

const ARGS = ['--size', '160x100', '--frames', '40', '--no-race'];

/** Only whole pictures, or nothing: what a run that was ended by force may leave. */
async function wholePictures(scratch: Scratch): Promise<string[]> {
  if (!(await scratch.list()).includes('out')) return [];
  const names = await scratch.results();
  for (const name of names.filter((each) => each.endsWith('.png')))
    expect((await rgbaOf(scratch.at('out', name))).size).toEqual({ width: 160, height: 100 });
  return names;
}

describe.concurrent('a run that is ended', () => {
  it.each([1, 2, 3, 4])(
    'by an interrupt at a random moment (%i) leaves whole pictures and nothing else',
    async (seed) => {
      await using scratch = await Scratch.make();
      const child = startDemo(ARGS, { cwd: scratch.path });
      const end = ended(child);
      // Somewhere between its start and its end, wherever that is on this machine today.
      const timer = setTimeout(() => child.kill('SIGINT'), 150 + seededRandom(seed)() * 1500);
      const { code, signal, stderr } = await end;
      clearTimeout(timer);
      if (signal === null && code === 130)
        expect(stderr).toBe('dma-fence-demo: interrupted; nothing is left half written\n');
      // Before the program's first line, and after its last, the signal finds nobody.
      else expect([signal, code]).toContainEqual(signal === null ? 0 : 'SIGINT');
      for (const name of await wholePictures(scratch)) expect(name).toMatch(/^scene-\d\d\.png$/);
    },
  );

  it('by an interrupt in the middle of the work says so and exits with 130', async () => {
    await using scratch = await Scratch.make();
    const child = startDemo(ARGS, { cwd: scratch.path });
    const end = ended(child);
    // The first quarter is done, the others are still to come.
    if (child.stdout !== null) await once(child.stdout, 'data');
    child.kill('SIGINT');
    const { code, stderr } = await end;
    expect(code).toBe(130);
    expect(stderr).toBe('dma-fence-demo: interrupted; nothing is left half written\n');
    const names = await scratch.results();
    expect(names.length).toBeLessThan(40);
    expect(names.filter((name) => !/^scene-\d\d\.png$/.test(name))).toEqual([]);
  });

  it('by a hang-up or a polite kill ends with the code of that', async () => {
    for (const [signal, code] of [
      ['SIGTERM', 143],
      ['SIGHUP', 129],
    ] as const) {
      await using scratch = await Scratch.make();
      const child = startDemo(ARGS, { cwd: scratch.path });
      const end = ended(child);
      if (child.stdout !== null) await once(child.stdout, 'data');
      child.kill(signal);
      expect((await end).code).toBe(code);
      await wholePictures(scratch);
    }
  });

  it('while an engine hangs does not hang itself, and counts nothing as done that is not', async () => {
    await using scratch = await Scratch.make();
    // Seed 14 hangs all of them: after the news of the first time there are two more seconds.
    const args = ['--size', '160x100', '--frames', '3', '--chaos', '14', '--hang', '1000'];
    const child = startDemo(args, { cwd: scratch.path });
    const end = ended(child);
    if (child.stdout !== null) await once(child.stdout, 'data');
    child.kill('SIGINT');
    const { code, stdout } = await end;
    expect(code).toBe(130);
    const said = [...stdout.matchAll(/^(\d+) of 3 pictures done/gm)].map(([, count]) => Number(count));
    expect(Math.max(0, ...said)).toBeLessThanOrEqual((await wholePictures(scratch)).length);
  });

  it('by force leaves whole pictures, and the next run clears away the rest', async () => {
    await using scratch = await Scratch.make();
    const child = startDemo(ARGS, { cwd: scratch.path });
    const end = ended(child);
    if (child.stdout !== null) await once(child.stdout, 'data');
    child.kill('SIGKILL');
    expect((await end).signal).toBe('SIGKILL');
    await wholePictures(scratch);
    await runDemo(['--size', '160x100', '--frames', '1', '--no-race'], { cwd: scratch.path });
    for (const name of await wholePictures(scratch)) expect(name).toMatch(/^scene-\d\d\.png$/);
  });
});
