import type { LockdepReport } from '@dma-fence/core/lockdep';
import { describe, expect, it } from 'vitest';
import { parseOptions, type Options } from '../../src/command/options.ts';
import type { FrameResult } from '../../src/pipeline/pipeline.ts';
import { isRight, jsonReport, textReport, type Report } from '../../src/command/report.ts';

function frame(name: string, change: Partial<FrameResult> = {}): FrameResult {
  const size = { width: 1000, height: 500 };
  return {
    name,
    size,
    wrongPixels: 0,
    attempts: 1,
    path: `/far/out/${name}.png`,
    failure: undefined,
    unreadable: false,
    ...change,
  };
}

function report(args: string[], change: Partial<Report> = {}): Report {
  return {
    frames: [frame('a'), frame('b')],
    engines: [
      { name: 'engine-0', jobs: 10, busyMs: 1500, waitingMs: 20, longestStallMs: 3.14, restarts: 0 },
      { name: 'engine-1', jobs: 9, busyMs: 500, waitingMs: 1020, longestStallMs: 1000, restarts: 2 },
    ],
    inFlight: 3,
    mishaps: { hung: 0, died: 0, threw: 0 },
    elapsedMs: 2000,
    options: parseOptions(args) as Options,
    unreadable: [],
    leftOut: 0,
    output: '/far/out',
    timeline: '/far/out/timeline.html',
    trace: undefined,
    sent: undefined,
    race: undefined,
    findings: undefined,
    news: [],
    ...change,
  };
}

describe('textReport', () => {
  it('has a row an engine, the verdict, and where the pictures are', () => {
    const handOver = {
      count: 100,
      byMessage: { median: 0.2, p95: 1.5 },
      byTimeline: { median: 0.04, p95: 0.1 },
      measurable: true,
    };
    const race = { engines: 2, oneMs: 120, allMs: 60, ratio: 2, disturbance: undefined, handOver };
    const text = textReport(report([], { race }), false);
    expect(text).toMatchInlineSnapshot(`
      "engine    jobs    busy  of the run  waiting  longest stall  resets
      engine-0    10  1.50 s        75 %    20 ms         3.1 ms       0
      engine-1     9  500 ms        25 %   1.02 s         1.00 s       2

      from engine to engine                   median  95 of 100 within
      by message, through the main thread     200 µs            1.5 ms
      by shared timeline                       40 µs            100 µs
      gain                                 5.0 times        15.0 times

      2 pictures, 1.0 megapixels in 2.00 s, up to 3 in flight: byte for byte equal to the single-threaded reference.
      2 engines against 1: 2.00 times as fast (60 ms instead of 120 ms a megapixel).

      Written to /far/out: a.png, b.png
      Open to see every fence: /far/out/timeline.html
      "
    `);
  });

  it('says what could not be measured, instead of a figure that is none', () => {
    const times = { median: 0.2, p95: 40 };
    const handOver = { count: 100, byMessage: times, byTimeline: times, measurable: false };
    const disturbance = 'other work on this machine left 40 % of a processor to one engine';
    const race = { engines: 2, oneMs: 120, allMs: 240, ratio: 0.5, disturbance, handOver };
    const text = textReport(report([], { race }), false);
    expect(text).toContain(`2 engines against 1: not measurable, since ${disturbance}.`);
    expect(text).toMatch(/^gain +not measurable +not measurable$/m);
    expect(text).not.toContain('0.5');
  });

  it('lists what could not be read, and counts what is no picture by its name', () => {
    const unreadable = ['cannot read a.png: the file is empty'];
    const bad = report([], { unreadable, leftOut: 3 });
    expect(textReport(bad, false)).toContain(
      '1 picture could not be read:\n  cannot read a.png: the file is empty\nLeft out of the folders, since their names are not those of pictures: 3 entries.',
    );
    expect(isRight(bad)).toBe(false);
    expect(JSON.parse(jsonReport(bad))).toMatchObject({ ok: false, unreadable, leftOut: 3 });
  });

  it('names of files obey nobody: no colours, no lines of their own', () => {
    const forged = '\u001b[32mx\n2 pictures: all is right.';
    const frames = [frame(forged, { wrongPixels: 5 }), frame(forged, { failure: forged })];
    const text = textReport(report([], { frames }), false);
    expect(text).not.toMatch(/\u001b|^2 pictures: all is right/m);
    expect(text).toContain('\\x1b[32mx\\n2 pictures: all is right.');
  });

  it('a table that is wider than the terminal becomes a list, and no word is cut', () => {
    const text = textReport(report([]), false, 40);
    expect(text).toContain('engine-1\n  jobs: 9\n  busy: 500 ms\n  of the run: 25 %\n');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
  });

  it('fits a terminal of 80 columns, and breaks what does not at spaces', () => {
    const times = { median: 123.4, p95: 1234 };
    const race = {
      engines: 2,
      oneMs: 1234,
      allMs: 612,
      ratio: 2.02,
      disturbance: undefined,
      handOver: { count: 100, byMessage: times, byTimeline: times, measurable: true },
    };
    const mishaps = { hung: 10, died: 11, threw: 12 };
    const made = report(['--chaos', '4294967295'], { race, mishaps });
    for (const columns of [80, 67]) {
      const lines = textReport(made, false, columns).split('\n');
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
      expect(lines.join(' ').replaceAll(/ +/g, ' ')).toContain('equal to the single-threaded reference.');
    }
  });

  it('names few pictures, and only some of many', () => {
    const frames = Array.from({ length: 9 }, (_, index) => frame(`p${String(index)}`));
    expect(textReport(report([], { frames }), false)).toContain(
      'Written to /far/out: p0.png, p1.png, …, p8.png\n',
    );
  });

  it('says which pictures are wrong and that they were not delivered', () => {
    const frames = [frame('a'), frame('b', { wrongPixels: 17, path: undefined })];
    const text = textReport(report([], { frames }), false);
    expect(text).toContain('1 picture differs from the single-threaded reference');
    expect(text).toContain('b: 17 of 500000 pixels wrong, not delivered');
  });

  it('without fences says how many pixels are wrong', () => {
    const frames = [frame('a', { wrongPixels: 250_000 }), frame('b', { wrongPixels: 0 })];
    const text = textReport(report(['--no-fences'], { frames }), false);
    expect(text).toContain('Without fences 250,000 of 1,000,000 pixels are wrong (25.0 %).');
    expect(text).not.toContain('not delivered');
  });

  it('with chaos counts what happened and what was rendered again', () => {
    const frames = [
      frame('a', { attempts: 3 }),
      frame('b', { wrongPixels: undefined, path: undefined, failure: 'it hung' }),
    ];
    const text = textReport(
      report(['--chaos', '7'], { frames, mishaps: { hung: 1, died: 2, threw: 3 } }),
      false,
    );
    expect(text).toContain(
      'Chaos 7: 1 job hung, 2 took their engine down, 3 threw; 1 picture rendered again.',
    );
    expect(text).toContain('1 picture could not be finished');
    expect(text).toContain('b: it hung');
  });

  it('uses colours only where they are seen', () => {
    // A word in green or bold begins with an escape.
    expect(textReport(report([]), true)).toContain('\u001b[32m');
    expect(textReport(report([]), false)).not.toContain('\u001b');
  });

  it('says so when nothing was written', () => {
    const frames = [frame('a', { wrongPixels: 1, path: undefined })];
    expect(textReport(report([], { frames }), false)).toContain('No picture was written to /far/out.');
  });
});

describe('isRight', () => {
  it.each([
    [[frame('a')], true],
    [[frame('a'), frame('b', { wrongPixels: 1 })], false],
    [[frame('a', { wrongPixels: undefined, failure: 'x' })], false],
  ])('asks every picture (%#)', (frames, right) => {
    expect(isRight(report([], { frames }))).toBe(right);
  });
});

describe('what the validator found', () => {
  const finding: LockdepReport = {
    kind: 'lock-under-wait',
    title: 'possible deadlock',
    names: [],
    places: [],
    advice: 'unlock first',
    tasks: 'async',
    text: 'possible deadlock\n  unlock first',
  };

  it('is told as it is, and the run was not right, although its pictures are', () => {
    const found = report(['--validate'], { findings: [finding] });
    expect(textReport(found, false)).toContain(
      'The validator found 1 thing:\npossible deadlock\n  unlock first\n',
    );
    expect(textReport(found, false)).toContain('byte for byte equal');
    expect(isRight(found)).toBe(false);
    const { kind, title, text } = finding;
    expect(JSON.parse(jsonReport(found))).toMatchObject({ ok: false, validator: [{ kind, title, text }] });
  });

  it('is said also if it is nothing, and not at all if nobody asked', () => {
    expect(textReport(report(['--validate'], { findings: [] }), false)).toContain(
      'The validator found nothing.\n',
    );
    expect(textReport(report([]), false)).not.toContain('validator');
  });
});

describe('what it says of a trace that was sent', () => {
  const sent = { url: 'http://localhost:4318/v1/traces', traceId: 'abc', spans: 7, lost: 0, cut: false };

  it.each([
    [sent, 'Trace abc at http://localhost:4318/v1/traces: 7 spans.'],
    [{ ...sent, spans: 1, lost: 6 }, 'traces: 1 span; 6 spans could not be delivered.'],
    [
      { ...sent, spans: 0, lost: 6, reason: 'connection refused (ECONNREFUSED)' },
      'traces: 0 spans; 6 spans could not be delivered: connection refused (ECONNREFUSED).',
    ],
    [
      { ...sent, page: 'http://localhost:16686/trace/abc' },
      '7 spans, in Jaeger: http://localhost:16686/trace/abc.',
    ],
    [{ ...sent, cut: true }, 'traces: 7 spans; the rest of the run is left out.'],
  ])('is where it is and what is missing', (given, line) => {
    expect(textReport(report([], { sent: given }), false)).toContain(line);
  });
});

describe('jsonReport', () => {
  it('is one object in which nothing is missing: what is absent is null', () => {
    const frames = [frame('a', { wrongPixels: undefined, path: undefined, failure: 'x' })];
    const parsed = JSON.parse(jsonReport(report(['--chaos', '3'], { frames, news: ['a threw'] }))) as object;
    expect(parsed).toEqual({
      ok: false,
      fences: true,
      chaos: 3,
      output: '/far/out',
      inFlight: 3,
      elapsedMs: 2000,
      pictures: [
        { name: 'a', width: 1000, height: 500, wrongPixels: null, attempts: 1, path: null, failure: 'x' },
      ],
      unreadable: [],
      leftOut: 0,
      engines: report([]).engines,
      mishaps: { hung: 0, died: 0, threw: 0 },
      race: null,
      validator: null,
      timeline: '/far/out/timeline.html',
      trace: null,
      otlp: null,
      news: ['a threw'],
    });
  });
});
