import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstVisible, STATE, TimelineModel } from '../../src/page/model.ts';
import { recordingOf, type MadeFence } from '../support/recording.ts';

function rowsOf(model: TimelineModel, lane = 0): number[][] {
  return model.lanes[lane]?.rows.map((row) => [...row]) ?? [];
}

const work = (queued: number, started: number, ended: number, more: Partial<MadeFence> = {}): MadeFence => ({
  queued,
  started,
  ended,
  signaled: ended,
  ...more,
});

describe('rows', () => {
  it('a bar goes from the start of the work to its end, however late the fence told', () => {
    const model = new TimelineModel(recordingOf([{ queued: 1, started: 3, ended: 7, signaled: 9 }]));
    expect([model.queued[0], model.start[0], model.end[0], model.signaled[0]]).toEqual([1, 3, 7, 9]);
  });

  it('work that never began is a point at its signal, and was queued until then', () => {
    const model = new TimelineModel(recordingOf([{ queued: 1, signaled: 9, error: 'EIO: input' }]));
    expect([model.start[0], model.end[0]]).toEqual([9, 9]);
    expect(model.lanes[0]?.queueRows.map((row) => [...row])).toEqual([[0]]);
  });

  it('what was pending goes on to the end of the recording', () => {
    const model = new TimelineModel(recordingOf([{ queued: 1, started: 5 }, { queued: 2 }]));
    expect([...model.end]).toEqual([100, 100]);
    expect([...model.state]).toEqual([STATE.PENDING, STATE.PENDING]);
  });

  it('bars that overlap are below each other, those that touch are not', () => {
    const model = new TimelineModel(
      recordingOf([work(0, 0, 5), work(0, 5, 9), work(0, 4, 8), work(0, 8, 10)]),
    );
    expect(rowsOf(model)).toEqual([
      [0, 1],
      [2, 3],
    ]);
    expect([...model.rowOf]).toEqual([0, 0, 1, 1]);
  });

  it('in every row bars are in order and apart, and each fence is in one row', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(90), fc.nat(20), fc.nat(2)), { maxLength: 60 }), (made) => {
        const model = new TimelineModel(
          recordingOf(
            made.map(([start, length, lane]) => work(start, start, Math.min(100, start + length), { lane })),
          ),
        );
        const seen = model.lanes.flatMap(({ rows }) => rows.flatMap((row) => [...row]));
        expect(seen.sort((a, b) => a - b)).toEqual(made.map((_, number) => number));
        for (const { rows } of model.lanes)
          for (const row of rows)
            for (let place = 1; place < row.length; place += 1)
              expect(model.end[row[place - 1] ?? 0]).toBeLessThanOrEqual(model.start[row[place] ?? 0] ?? 0);
      }),
    );
  });

  it('queue lines are few: what finds no room shares the last', () => {
    const model = new TimelineModel(
      recordingOf(Array.from({ length: 20 }, (_, n) => work(0, 10 + n, 11 + n))),
    );
    expect(model.lanes[0]?.queueRows).toHaveLength(6);
    expect(model.lanes[0]?.queueRows.reduce((sum, row) => sum + row.length, 0)).toBe(20);
  });

  it('waits for one timeline are one line where they overlap', () => {
    const data = recordingOf(
      [work(0, 0, 50), work(0, 0, 50, { lane: 1 })],
      [
        [0, 1, 5],
        [0, 3, 8],
        [1, 4, 6],
        [0, 20, null],
      ],
    );
    const model = new TimelineModel(data);
    expect(model.lanes.map(({ waits }) => [...waits])).toEqual([
      [1, 8, 20, 100],
      [4, 6],
    ]);
  });
});

describe('firstVisible', () => {
  it('is the first bar that has not ended before a time', () => {
    const end = Float64Array.from([2, 4, 6, 8]);
    const row = Int32Array.from([0, 1, 2, 3]);
    expect([0, 2, 2.1, 7, 9].map((time) => firstVisible(row, end, time))).toEqual([0, 0, 1, 3, 4]);
  });
});

describe('looking for fences', () => {
  const model = new TimelineModel(
    recordingOf([
      work(0, 30, 40, { label: 'scene-02 edges' }),
      work(0, 10, 20, { label: 'scene-01 edges' }),
      work(0, 20, 25, { label: 'scene-01 tone', error: 'ETIME: hung' }),
      work(0, 5, 9, { lane: 1 }),
    ]),
  );

  it.each([
    ['edges', [1, 0]],
    ['EDGES scene-02', [0]],
    ['etime', [2]],
    ['lane-1:1:3', [3]],
    ['nothing like it', []],
  ])('"%s" finds what has all words in name, label or error, by time', (text, numbers) => {
    expect(model.search(text)).toEqual(numbers);
  });

  it('goes from neighbour to neighbour in a lane, and stops at its ends', () => {
    expect([model.neighbour(1, 1), model.neighbour(2, 1), model.neighbour(0, 1)]).toEqual([2, 0, 0]);
    expect([model.neighbour(0, -1), model.neighbour(1, -1)]).toEqual([2, 1]);
  });

  it('finds the bar of a lane that is nearest to a time', () => {
    expect([model.nearest(0, 0), model.nearest(0, 22), model.nearest(0, 29), model.nearest(7, 0)]).toEqual([
      1, 2, 0, -1,
    ]);
  });

  it('knows dependencies in both directions', () => {
    const made = new TimelineModel(
      recordingOf([work(0, 0, 1), work(0, 1, 2, { dependsOn: [0] }), work(0, 2, 3, { dependsOn: [0, 1] })]),
    );
    expect(made.dependsOn(2)).toEqual([0, 1]);
    expect(made.neededBy).toEqual([[1, 2], [2], []]);
  });
});

describe('states', () => {
  it('tells success, failure, cancellation and pending apart', () => {
    const model = new TimelineModel(
      recordingOf([
        work(0, 0, 1),
        work(0, 1, 2, { error: 'EIO: x' }),
        work(0, 2, 3, { error: 'ECANCELED: x' }),
        { queued: 3 },
      ]),
    );
    expect([...model.state]).toEqual([STATE.SIGNALED, STATE.FAILED, STATE.CANCELED, STATE.PENDING]);
  });
});
