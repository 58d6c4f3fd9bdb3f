import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { runDemo, Scratch, startDemo, ended } from './support/demo.ts';
import { photo } from './support/photo.ts';
import { expectedFrom, rgbaOf } from './support/reference-picture.ts';
import type { TimelineData } from '../src/page/data.ts';
import type { Size } from '../src/picture/surface.ts';

interface Json {
  timeline: string;
  ok: boolean;
  fences: boolean;
  chaos: number | null;
  inFlight: number;
  output: string;
  pictures: {
    name: string;
    width: number;
    height: number;
    wrongPixels: number | null;
    attempts: number;
    path: string | null;
  }[];
  engines: { name: string; jobs: number; busyMs: number; restarts: number }[];
  mishaps: Record<'hung' | 'died' | 'threw', number>;
  race: { engines: number; ratio: number } | null;
}

const SMALL = ['--size', '64x48', '--no-race'];

async function json(args: readonly string[], cwd: string): Promise<{ code: number | null; report: Json }> {
  const { code, stdout, stderr } = await runDemo([...args, '--json'], { cwd });
  expect(stderr).toBe('');
  return { code, report: JSON.parse(stdout) as Json };
}

describe.concurrent('pictures', () => {
  it('takes every format, in a folder or by name, and delivers what one thread would have made', async () => {
    await using scratch = await Scratch.make();
    await mkdir(scratch.at('in'));
    const file = (name: string): string => scratch.at('in', name);
    const size = { width: 90, height: 60 };
    await photo(size).png().toFile(file('alpha.png'));
    await photo(size, 3).toColourspace('rgb16').png().toFile(file('deep.png'));
    await photo(size, 3).png({ palette: true }).toFile(file('palette.png'));
    await photo(size, 3).greyscale().png().toFile(file('grey.PNG'));
    await photo(size, 3).jpeg().withMetadata({ orientation: 6 }).toFile(file('turned.jpg'));
    await photo(size, 3).toColourspace('cmyk').jpeg().toFile(file('print.jpeg'));
    await photo(size).webp().toFile(file('photo.webp'));
    await photo(size, 3).avif({ effort: 0 }).toFile(file('photo.avif'));
    await photo(size).tiff().toFile(file('photo.tif'));
    await photo(size, 3).tiff({ compression: 'lzw' }).toFile(file('photo.tiff'));
    await writeFile(file('notes.txt'), 'not a picture, and in nobody’s way');

    const { code, report } = await json(['in', '-o', 'out', '--no-race'], scratch.path);
    expect(code).toBe(0);
    expect(report.ok).toBe(true);
    expect(report.pictures.map(({ wrongPixels }) => wrongPixels)).toEqual(
      Array.from({ length: 10 }, () => 0),
    );
    expect(await scratch.results()).toEqual(
      ['alpha', 'deep', 'grey', 'palette', 'photo-2', 'photo-3', 'photo-4', 'photo', 'print', 'turned'].map(
        (name) => `${name}.png`,
      ),
    );
    expect(report.pictures.find(({ name }) => name === 'turned')).toMatchObject({ width: 60, height: 90 });
    const inputs = await scratch.list('in');
    const seen = inputs.filter((name) => name !== 'notes.txt');
    for (const [index, name] of seen.entries()) {
      const expected = await expectedFrom(file(name));
      const delivered = await rgbaOf(report.pictures[index]?.path ?? '');
      expect(delivered.size).toEqual(expected.size);
      expect(Buffer.compare(delivered.data, expected.data)).toBe(0);
    }
  });

  it('pictures of any size share the buffers and the engines, down to one pixel', async () => {
    await using scratch = await Scratch.make();
    const sizes: Size[] = [
      { width: 40, height: 30 },
      { width: 1, height: 1 },
      { width: 200, height: 90 },
      { width: 4, height: 4 },
      { width: 16, height: 1 },
      { width: 1, height: 40 },
      { width: 300, height: 3 },
    ];
    const files = sizes.map(({ width, height }) => scratch.at(`${width}x${height}.png`));
    for (const [index, size] of sizes.entries())
      await photo(size)
        .png()
        .toFile(files[index] ?? '');
    const inputs = files.flatMap((file) => ['-i', file]);
    const { code, report } = await json(
      [...inputs, '-o', 'out', '-f', '4', '-e', '5', '--no-race'],
      scratch.path,
    );
    expect(code).toBe(0);
    for (const [index, file] of files.entries()) {
      const delivered = await rgbaOf(report.pictures[index]?.path ?? '');
      expect(Buffer.compare(delivered.data, (await expectedFrom(file)).data)).toBe(0);
    }
  });

  it('a bad picture among others is listed, the others are delivered, and the exit code is 2', async () => {
    await using scratch = await Scratch.make();
    await mkdir(scratch.at('in'));
    const size = { width: 40, height: 30 };
    for (const name of ['a', 'b', 'c'])
      await photo(size)
        .png()
        .toFile(scratch.at('in', `${name}.png`));
    const whole = await photo({ width: 200, height: 200 }).png().toBuffer();
    await writeFile(scratch.at('in', 'cut.png'), whole.subarray(0, whole.length / 2));
    await writeFile(scratch.at('in', 'empty\u001b[31m\n.png'), '');
    await writeFile(scratch.at('in', 'notes.txt'), '');
    const { code, stdout, stderr } = await runDemo(['in', '--no-race'], { cwd: scratch.path });
    expect(stderr).toBe('');
    expect(code).toBe(2);
    expect(stdout).toContain('3 pictures, ');
    expect(stdout).toContain('byte for byte equal');
    expect(stdout).toMatch(/^2 pictures could not be read:$/m);
    expect(stdout).toMatch(/^ {2}cannot read \S+cut\.png: damaged or cut short/m);
    expect(stdout).toMatch(/^ {2}cannot read \S+empty\\x1b\[31m\\n\.png: the file is empty$/m);
    expect(stdout).toContain('not those of pictures: 1 entry.');
    expect(await scratch.results()).toEqual(['a.png', 'b.png', 'c.png']);
  });

  it('a picture is not overwritten by its own result', async () => {
    await using scratch = await Scratch.make();
    await photo({ width: 8, height: 8 }).png().toFile(scratch.at('mine.png'));
    const before = await readFile(scratch.at('mine.png'));
    const { code, stderr } = await runDemo(['mine.png', '-o', '.'], { cwd: scratch.path });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^dma-fence-demo: \S+mine\.png would be overwritten by a result: .*\n$/);
    expect(Buffer.compare(await readFile(scratch.at('mine.png')), before)).toBe(0);
  });
});

describe.concurrent('the drawn scene', () => {
  it('is drawn where no picture is named, checked and delivered', async () => {
    await using scratch = await Scratch.make();
    const { code, stdout, stderr } = await runDemo(['--size', '200x125', '--frames', '5'], {
      cwd: scratch.path,
    });
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toContain('5 pictures, 0.1 megapixels');
    expect(stdout).toContain('byte for byte equal to the single-threaded reference.');
    expect(stdout).toMatch(/engines against 1: (?:\d+\.\d\d times as fast|not measurable, since )/);
    expect(stdout).toMatch(/^engine-0 +25 /m);
    expect(stdout).toMatch(/^by message, through the main thread +[\d.]+ (µs|ms|s) +[\d.]+ (µs|ms|s)$/m);
    expect(stdout).toMatch(/^by shared timeline +[\d.]+ (µs|ms|s) +[\d.]+ (µs|ms|s)$/m);
    expect(await scratch.results()).toEqual([1, 2, 3, 4, 5].map((number) => `scene-0${String(number)}.png`));
    const { data, size } = await rgbaOf(scratch.at('out', 'scene-03.png'));
    expect(size).toEqual({ width: 200, height: 125 });
    expect(new Set(new Uint32Array(new Uint8Array(data).buffer)).size).toBeGreaterThan(1000);
  });

  it.each([
    { engines: 1, inFlight: 9, frames: 4 },
    { engines: 3, inFlight: 1, frames: 1 },
  ])('$engines engines, $inFlight in flight, $frames frames', async ({ engines, inFlight, frames }) => {
    await using scratch = await Scratch.make();
    const options = [
      '--engines',
      String(engines),
      '--in-flight',
      String(inFlight),
      '--frames',
      String(frames),
    ];
    const { code, report } = await json([...SMALL, ...options], scratch.path);
    expect(code).toBe(0);
    expect(report.engines).toHaveLength(engines);
    expect(report.pictures).toHaveLength(frames);
    expect(report.engines.reduce((sum, { jobs }) => sum + jobs, 0)).toBe(frames * 5 * engines);
    expect(report.inFlight).toBe(inFlight);
    expect(report.race).toBeNull();
  });
});

describe.concurrent('the timeline', () => {
  it('shows every fence of the run, in a page beside the pictures and in a trace', async () => {
    await using scratch = await Scratch.make();
    const { code, report } = await json(
      [...SMALL, '--frames', '3', '--engines', '2', '--trace', 'traces/run.json'],
      scratch.path,
    );
    expect(code).toBe(0);
    expect(report.timeline).toBe(scratch.at('out', 'timeline.html'));
    const page = await readFile(report.timeline, 'utf8');
    const [, text = ''] = /<script id="data" type="application\/json">(.*?)<\/script>/s.exec(page) ?? [];
    const { title, lanes, fences } = JSON.parse(text) as TimelineData;
    expect(title).toBe('3 pictures on 2 engines');
    expect(lanes).toEqual([
      'display',
      'engine-0',
      'engine-1',
      'upload-0',
      'upload-1',
      'readback-0',
      'readback-1',
    ]);
    // An upload, five passes of two bands, a readback and the display, for each picture.
    expect(fences.name).toHaveLength(3 * 13);
    expect(fences.signaled).not.toContain(null);
    expect(fences.error).toEqual(Array.from({ length: 39 }, () => null));
    // What depends on another began after that was over.
    for (const [number, dependencies] of fences.dependsOn.entries())
      for (const on of dependencies)
        expect(fences.started[number]).toBeGreaterThanOrEqual((fences.ended[on] ?? 0) - 0.01);
    const { traceEvents } = JSON.parse(await readFile(scratch.at('traces', 'run.json'), 'utf8')) as {
      traceEvents: { ph: string }[];
    };
    expect(traceEvents.filter(({ ph }) => ph === 'X')).toHaveLength(39);
  });
});

describe.concurrent('what goes wrong on purpose', () => {
  it('--no-fences: the pictures are wrong, it says by how much, and they are named so', async () => {
    await using scratch = await Scratch.make();
    const { code, stdout, stderr } = await runDemo(['--size', '200x160', '--frames', '4', '--no-fences'], {
      cwd: scratch.path,
    });
    expect(code).toBe(1);
    expect(stderr).toBe('');
    const [, wrong] = /Without fences ([\d,]+) of 128,000 pixels are wrong/.exec(stdout) ?? [];
    expect(Number(wrong?.replaceAll(',', ''))).toBeGreaterThan(0);
    expect(await scratch.results()).toEqual(
      [1, 2, 3, 4].map((number) => `scene-0${String(number)}.wrong.png`),
    );
  });

  it.each([1, 2])('--chaos %i: jobs are lost, no picture is', async (seed) => {
    await using scratch = await Scratch.make();
    const { code, report } = await json([...SMALL, '--frames', '6', '--chaos', String(seed)], scratch.path);
    expect(code).toBe(0);
    expect(report.chaos).toBe(seed);
    const { hung, died, threw } = report.mishaps;
    expect(hung + died + threw).toBeGreaterThan(0);
    expect(report.pictures[0]?.attempts).toBeGreaterThan(1);
    expect(report.pictures.map(({ wrongPixels }) => wrongPixels)).toEqual([0, 0, 0, 0, 0, 0]);
    expect(await scratch.results()).toHaveLength(6);
  });

  it('--hang: an engine is given so much time and no more', async () => {
    await using scratch = await Scratch.make();
    // Seed 4 hangs the first job it strikes.
    const { code, stdout } = await runDemo([...SMALL, '--frames', '1', '--chaos', '4', '--hang', '250'], {
      cwd: scratch.path,
    });
    expect(code).toBe(0);
    expect(stdout).toContain('hung for more than 250 ms');
  });
});

describe.concurrent('bad input: one clear line, exit code 2, nothing written', () => {
  async function refused(
    args: readonly string[],
    message: RegExp,
    prepare?: (scratch: Scratch) => Promise<unknown>,
  ): Promise<void> {
    await using scratch = await Scratch.make();
    await prepare?.(scratch);
    const before = await scratch.list();
    const { code, stdout, stderr } = await runDemo([...args, '--no-race'], { cwd: scratch.path });
    expect(stderr).toMatch(message);
    expect(stderr).toMatch(/^dma-fence-demo: [^\n]+\n$/);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect((await scratch.list()).filter((name) => name !== 'out')).toEqual(before);
    if ((await scratch.list()).includes('out')) expect(await scratch.results()).toEqual([]);
  }

  it('a file that is not there', () => refused(['no.png'], /cannot read no\.png: no such file or folder/));

  it('a picture that was cut short', () =>
    refused(['cut.png'], /cannot read \S+cut\.png: damaged or cut short/, async (scratch) => {
      const whole = await photo({ width: 200, height: 200 }).png().toBuffer();
      await writeFile(scratch.at('cut.png'), whole.subarray(0, whole.length / 2));
    }));

  it('an output that is a file', () =>
    refused(['-o', 'file'], /cannot write to file: not a folder/, (scratch) =>
      writeFile(scratch.at('file'), 'mine'),
    ));

  it('a trace that would take the place of a folder, of a result, or of what is read', async () => {
    await refused(['--trace', '.'], /cannot write \S+: is a folder, not a file/);
    await refused(['--trace', 'out/scene-01.png'], /out\/scene-01\.png is written by the run itself/);
    await refused(
      ['mine.png', '--trace', 'mine.png'],
      /mine\.png would be overwritten by a result/,
      (scratch) => photo({ width: 8, height: 8 }).png().toFile(scratch.at('mine.png')),
    );
  });

  it('options are refused in one line, too', () =>
    refused(['--engines', 'many'], /--engines takes a whole number from 1 to 16, not 'many'/));
});

describe.concurrent('the surroundings', () => {
  it('a result that does not fit on the disk leaves nothing behind', async () => {
    await using scratch = await Scratch.make();
    const { code, stderr } = await runDemo(['--size', '400x250', '--frames', '3', '--no-race'], {
      cwd: scratch.path,
      shell: 'ulimit -f 16; exec "$@"',
    });
    expect(stderr).toMatch(/^dma-fence-demo: cannot write \S+scene-0\d\.png: the file would be too large\n$/);
    expect(code).toBe(2);
    expect(await scratch.results()).toEqual([]);
  });

  it('a report that cannot be written is an error, in one line', async () => {
    await using scratch = await Scratch.make();
    const { code, stderr } = await runDemo([...SMALL, '--frames', '1'], {
      cwd: scratch.path,
      shell: 'exec "$@" > /dev/full',
    });
    expect(stderr).toBe('dma-fence-demo: cannot write to standard output: no space left on the device\n');
    expect(code).toBe(2);
  });

  it('a pipe that is closed early is an error, in one line, and whole pictures only', async () => {
    await using scratch = await Scratch.make();
    const child = startDemo([...SMALL, '--frames', '4'], { cwd: scratch.path });
    child.stdout?.destroy();
    const { code, stderr } = await ended(child);
    expect(stderr).toBe(
      'dma-fence-demo: cannot write to standard output: the pipe was closed by its reader\n',
    );
    expect(code).toBe(2);
    for (const name of await scratch.results()) await rgbaOf(scratch.at('out', name));
  });

  it('output for a pipe has no colours and no cursor movements', async () => {
    await using scratch = await Scratch.make();
    const { stdout, stderr } = await runDemo([...SMALL, '--frames', '4'], {
      cwd: scratch.path,
      env: { NO_COLOR: '1' },
    });
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
    expect(stdout).toMatch(/^1 of 4 pictures done, \d+ jobs, \d\.\d megapixels\n/);
  });

  it('works with its errors going nowhere', async () => {
    await using scratch = await Scratch.make();
    const { code } = await runDemo([...SMALL, '--frames', '2'], {
      cwd: scratch.path,
      shell: 'exec "$@" 2>&- < /dev/null',
    });
    expect(code).toBe(0);
  });

  it('works where files may not be changed but new ones made', async () => {
    await using scratch = await Scratch.make();
    await mkdir(scratch.at('out'));
    await writeFile(scratch.at('out', 'scene-01.png'), 'old');
    await chmod(scratch.at('out', 'scene-01.png'), 0o444);
    const { code } = await runDemo([...SMALL, '--frames', '1'], { cwd: scratch.path });
    expect(code).toBe(0);
    await rgbaOf(scratch.at('out', 'scene-01.png'));
  });

  it('--help tells every option and fits a terminal', async () => {
    const { code, stdout } = await runDemo(['--help'], { cwd: '.' });
    expect(code).toBe(0);
    for (const option of [
      'input',
      'output',
      'engines',
      'in-flight',
      'frames',
      'size',
      'chaos',
      'hang',
      'no-fences',
      'no-race',
      'validate',
      'deadlock',
      'dump-pending',
      'otlp',
      'trace',
      'json',
      'help',
      'version',
    ])
      expect(stdout).toContain(`--${option}`);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(108);
  });

  it('--version tells the version of the package', async () => {
    const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
      version: string;
    };
    expect((await runDemo(['-v'], { cwd: '.' })).stdout).toBe(`${version}\n`);
  });
});
