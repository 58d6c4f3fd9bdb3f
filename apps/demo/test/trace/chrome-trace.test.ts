import { describe, expect, it } from 'vitest';
import { chromeTrace } from '../../src/trace/chrome-trace.ts';
import { largeRecording, recordingOf } from '../support/recording.ts';

interface Event {
  ph: string;
  pid: number;
  tid: number;
  ts: number;
  dur: number;
  name: string;
  cat: string;
  id: string;
  bp?: string;
  args: Record<string, unknown>;
}

function eventsOf(data: Parameters<typeof chromeTrace>[0]): Event[] {
  const trace = JSON.parse(chromeTrace(data)) as { displayTimeUnit: string; traceEvents: Event[] };
  expect(trace.displayTimeUnit).toBe('ms');
  return trace.traceEvents;
}

const MADE = recordingOf(
  [
    { queued: 0, started: 1, ended: 4, signaled: 4.1, label: 'a' },
    { queued: 0, started: 4, ended: 6, signaled: 6, label: 'b', dependsOn: [0] },
    { queued: 0, signaled: 7, label: 'c', error: 'EIO: b threw', dependsOn: [1] },
    { lane: 1, queued: 2, started: 3, label: 'd' },
    { lane: 1, queued: 2, started: 5, ended: 9, signaled: 9, label: 'e' },
  ],
  [[1, 2, 6]],
);

describe('chromeTrace', () => {
  it('names the run and its timelines, in the order of the page', () => {
    const names = eventsOf(MADE).filter(({ ph }) => ph === 'M');
    expect(names.find(({ name }) => name === 'process_name')?.args).toEqual({ name: 'made up' });
    expect(names.filter(({ name }) => name === 'thread_name').map(({ args }) => args['name'])).toEqual([
      'lane-0',
      'lane-1',
      'lane-1 (2)',
    ]);
  });

  it('has a slice a fence, in microseconds, with name, picture and error', () => {
    const slices = eventsOf(MADE).filter(({ ph }) => ph === 'X');
    expect(slices.map(({ name, ts, dur }) => [name, ts, dur])).toEqual([
      ['a', 1000, 3000],
      ['b', 4000, 2000],
      ['c', 7000, 0],
      ['d', 3000, 97_000],
      ['e', 5000, 4000],
    ]);
    expect(slices[2]).toMatchObject({
      cat: 'fence,failed',
      args: { fence: 'test:lane-0:1:2', error: 'EIO: b threw', picture: 2 },
    });
    expect(slices[3]?.args['pending']).toBe(true);
  });

  it('time in the queue and waits are asynchronous slices, each with a beginning and an end', () => {
    const events = eventsOf(MADE);
    const begun = events.filter(({ ph }) => ph === 'b');
    expect(begun.filter(({ cat }) => cat === 'queue')).toHaveLength(5);
    expect(begun.filter(({ cat }) => cat === 'wait').map(({ name, ts }) => [name, ts])).toEqual([
      ['wait for b', 2000],
    ]);
    for (const { cat, id, ts } of begun)
      expect(
        events.find((end) => end.ph === 'e' && end.cat === cat && end.id === id)?.ts,
      ).toBeGreaterThanOrEqual(ts);
  });

  it('an arrow leaves from inside the slice it comes from and arrives at the start of the one that waited', () => {
    const events = eventsOf(MADE);
    const slice = (name: string): Event | undefined =>
      events.find((event) => event.ph === 'X' && event.name === name);
    const start = events.find(({ ph, id }) => ph === 's' && id === 'd0-1');
    const finish = events.find(({ ph, id }) => ph === 'f' && id === 'd0-1');
    expect(start).toMatchObject({ tid: slice('a')?.tid, ts: 3999 });
    expect(finish).toMatchObject({ tid: slice('b')?.tid, ts: 4000, bp: 'e' });
  });

  it('slices of a thread never overlap in part, whatever the recording', () => {
    const byThread = new Map<number, Event[]>();
    for (const event of eventsOf(largeRecording(2000, 3)))
      if (event.ph === 'X') byThread.set(event.tid, [...(byThread.get(event.tid) ?? []), event]);
    expect(byThread.size).toBeGreaterThanOrEqual(3);
    for (const slices of byThread.values()) {
      slices.sort((a, b) => a.ts - b.ts);
      for (const [place, { ts }] of slices.entries()) {
        const before = slices[place - 1];
        // Rounding to a microsecond may make neighbours touch, no more.
        if (before !== undefined) expect(before.ts + before.dur).toBeLessThanOrEqual(ts + 1);
      }
    }
  });

  it('an arrow never goes back in time', () => {
    const events = eventsOf(largeRecording(2000, 3));
    const starts = new Map(events.filter(({ ph }) => ph === 's').map(({ id, ts }) => [id, ts]));
    const finishes = events.filter(({ ph }) => ph === 'f');
    expect(finishes.length).toBe(starts.size);
    for (const { id, ts } of finishes) expect(ts).toBeGreaterThanOrEqual(starts.get(id) ?? Infinity);
  });
});
