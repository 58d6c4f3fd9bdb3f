import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { barProgress, lineProgress } from '../../src/command/progress.ts';

const NOTHING = { picturesDone: 0, inFlight: 0, jobs: 0, megapixels: 0 };

describe('on a terminal', () => {
  it('draws a bar with pictures, jobs and pictures in flight, keeps news above it, and cleans up', () => {
    vi.useFakeTimers();
    onTestFinished(() => {
      vi.useRealTimers();
    });
    let screen = '';
    const stream = Object.assign(new PassThrough(), {
      isTTY: true,
      columns: 100,
      cursorTo: () => true,
      clearLine: () => true,
      moveCursor: () => true,
    });
    stream.on('data', (chunk: Buffer) => (screen += chunk.toString()));
    const progress = barProgress(stream as unknown as WriteStream, 8);
    vi.advanceTimersByTime(100);
    progress.update({ picturesDone: 2, inFlight: 3, jobs: 31, megapixels: 4 });
    vi.advanceTimersByTime(1000);
    progress.update({ picturesDone: 2, inFlight: 3, jobs: 31, megapixels: 4 });
    progress.say('scene-01 hung');
    progress.say('long '.repeat(25).trim());
    progress[Symbol.dispose]();
    stream.read();
    expect(screen).toContain('scene-01 hung\n');
    expect(screen).toContain('0/8 pictures, engines are measured first');
    // What is too long for the terminal goes on in another line: the bar would cut it off.
    expect(screen).toContain(`${'long '.repeat(19)}long\n  ${'long '.repeat(5).trim()}\n`);
    expect(screen).toMatch(/2\/8 pictures, 31 jobs, 3 in flight, 4\.0 MP\/s/);
    // The cursor was hidden while the bar was up, and is back.
    expect(screen).toContain('\u001b[?25l');
    expect(screen.lastIndexOf('\u001b[?25h')).toBeGreaterThan(screen.lastIndexOf('\u001b[?25l'));
  });
});

describe('elsewhere', () => {
  function linesFor(pictures: number): string[] {
    const lines: string[] = [];
    using progress = lineProgress((line) => lines.push(line), pictures);
    for (let picturesDone = 0; picturesDone <= pictures; picturesDone += 1)
      progress.update({ ...NOTHING, picturesDone, jobs: picturesDone * 10 });
    return lines;
  }

  it.each([4, 12, 1000])(
    'of %i pictures says a line at each quarter, none at the end, which has its own report',
    (pictures) => {
      expect(linesFor(pictures)).toEqual(
        [1, 2, 3].map((quarter) => {
          const done = (pictures * quarter) / 4;
          return `${String(done)} of ${String(pictures)} pictures done, ${String(done * 10)} jobs, 0.0 megapixels`;
        }),
      );
    },
  );

  it('of one picture says nothing', () => {
    expect(linesFor(1)).toEqual([]);
  });

  it('passes news on as they come', () => {
    const lines: string[] = [];
    using progress = lineProgress((line) => lines.push(line), 3);
    progress.say('scene-01 hung');
    expect(lines).toEqual(['scene-01 hung']);
  });
});
