import {
  DmaFenceContext,
  fenceArray,
  fenceChain,
  FenceTimeline,
  traceDependency,
  waitAll,
} from '@dma-fence/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { FenceRecorder } from '../../src/trace/recorder.ts';
import { WorkRecord } from '../../src/pipeline/work.ts';

let now: number;
let recorder: FenceRecorder;

beforeEach(() => {
  now = 1000;
  recorder = new FenceRecorder(() => now);
});

afterEach(() => {
  recorder[Symbol.dispose]();
});

function work(label: string): WorkRecord {
  return new WorkRecord(label, 3, now);
}

describe('FenceRecorder', () => {
  it('records a fence from queue to signal, in milliseconds since it began', () => {
    using timeline = new FenceTimeline({ driverName: 'demo', timelineName: 'engine-0' });
    now = 1010;
    using fence = timeline.createFence(work('scene-01 edges'));
    fence.data.startedAt = 1012.3456;
    fence.data.endedAt = 1020;
    now = 1021;
    timeline.advanceTo(1);
    const { fences, lanes, durationMs } = recorder.data('a run');
    expect(lanes).toEqual(['engine-0']);
    expect(durationMs).toBe(21);
    expect(fences).toEqual({
      name: [fence.name],
      label: ['scene-01 edges'],
      lane: [0],
      frame: [3],
      queued: [10],
      started: [12.346],
      ended: [20],
      signaled: [21],
      error: [null],
      dependsOn: [[]],
    });
  });

  it('records errors with code and words, and what is pending as such', () => {
    using timeline = new FenceTimeline({ driverName: 'demo', timelineName: 'engine-0' });
    using _failed = timeline.createFence(work('a'));
    using _pending = timeline.createFence(work('b'));
    timeline.advanceTo(1, 'ETIME');
    const { fences } = recorder.data('');
    expect(fences.error[0]).toBe('ETIME: time ran out');
    expect(fences.signaled).toEqual([0, null]);
  });

  it('records what a fence depends on, through containers, once each', () => {
    using timeline = new FenceTimeline({ driverName: 'demo', timelineName: 'engine-0' });
    using a = timeline.createFence(work('a'));
    using b = timeline.createFence(work('b'));
    using c = timeline.createFence(work('c'));
    using both = fenceArray([a, b]);
    traceDependency(c, both);
    traceDependency(c, a);
    expect(recorder.data('').fences.dependsOn).toEqual([[], [], [0, 1]]);
    timeline.advanceTo(3);
  });

  it('looks at containers and touches nothing: no exporter is asked, no link collected', () => {
    let asked = 0;
    const ops = { isSignaled: () => (asked += 1) > 0 };
    const context = new DmaFenceContext({ driverName: 'demo', timelineName: 'engine-0', ops });
    using a = context.createFence(work('a'));
    using b = context.createFence(work('b'));
    using c = context.createFence(work('c'));
    using first = fenceChain(undefined, a, 1);
    using members = fenceArray([b]);
    using chain = fenceChain(first, members, 2);
    traceDependency(c, chain);
    expect(recorder.data('').fences.dependsOn).toEqual([[], [], [1, 0]]);
    expect(asked).toBe(0);
    expect(chain.data.previous).toBe(first);
    for (const fence of [a, b, c]) fence.signal();
  });

  it('records who waited and how that ended', async () => {
    using timeline = new FenceTimeline({ driverName: 'demo', timelineName: 'engine-0' });
    using a = timeline.createFence(work('a'));
    using b = timeline.createFence(work('b'));
    now = 1005;
    const waited = waitAll([a, b]);
    const longer = b.wait();
    longer.catch(() => undefined);
    now = 1008;
    timeline.advanceTo(2);
    await waited;
    const { waits } = recorder.data('');
    expect(waits).toEqual({
      fence: [0, 1, 1],
      start: [5, 5, 5],
      end: [8, 8, 8],
      outcome: ['signaled', 'signaled', 'signaled'],
    });
  });

  it('leaves out fences that stand for no work, and everything after it was disposed of', () => {
    const context = new DmaFenceContext({ driverName: 'other', timelineName: 'x' });
    using other = context.createFence();
    other.signal();
    recorder[Symbol.dispose]();
    using late = context.createFence(work('late'));
    late.signal();
    expect(recorder.data('').fences.name).toEqual([]);
  });

  it('draws the display first, then engines in order of their numbers, uploads and readbacks', () => {
    for (const name of ['display', 'upload-1', 'engine-10', 'readback-0', 'engine-2', 'upload-0']) {
      const context = new DmaFenceContext({ driverName: 'demo', timelineName: name });
      using fence = context.createFence(work(name));
      fence.signal();
    }
    const { lanes, fences } = recorder.data('');
    expect(lanes).toEqual(['display', 'engine-2', 'engine-10', 'upload-0', 'upload-1', 'readback-0']);
    expect(fences.label.map((label, index) => lanes[fences.lane[index] ?? -1] === label)).not.toContain(
      false,
    );
  });
});
