import {
  FenceTimeline,
  SyncObject,
  waitSyncObjects,
  type DmaFence,
  type SyncObjectPoint,
  type WaitSyncObjectsOptions,
} from '@dma-fence/core';
import { expect } from 'vitest';
import { isOpen, rejection } from '../support.js';
import type { State, Way } from './wait-matrix.js';

/** Puts a fresh timeline's fence of value 1 into a slot, or at a point; the answer signals it. */
export function attach(object: SyncObject, point = 0): FenceTimeline {
  const timeline = new FenceTimeline({ driverName: 'sw_sync', timelineName: 'igt' });
  using fence = timeline.fenceAt(1);
  if (point === 0) object.replace(fence);
  else object.addPoint(point, fence);
  return timeline;
}

/** The same, signaled at once. */
export function trigger(object: SyncObject, point = 0): void {
  attach(object, point).advanceTo(1);
}

/** The index a wait ends with, or the code it rejects with. */
export async function outcome(waiting: Promise<number>): Promise<number | string> {
  return waiting.catch((error: unknown) => (error as { code: string }).code);
}

/** Polls the fence of a point and puts it again; undefined while there is none. */
export function reached(object: SyncObject, point = 0): boolean | undefined {
  using fence = object.fence(point) as (DmaFence & Disposable) | undefined;
  return fence?.poll();
}

/** Tries one way to wait with no time, a short time, and, where it does not depend on time, with all the time. */
export async function tryWay(way: Way, points: readonly number[]): Promise<void> {
  const timelines: FenceTimeline[] = [];
  const list: Required<SyncObjectPoint>[] = points.map((point, index) => {
    const syncObject = new SyncObject();
    const state = way.states[Math.min(index, way.states.length - 1)] as State;
    if (state !== 'unsubmitted') {
      const timeline = attach(syncObject, point);
      if (state === 'signaled') timeline.advanceTo(1);
      timelines.push(timeline);
    }
    return { syncObject, point };
  });
  const isOver = (state: State | undefined): boolean =>
    state === 'signaled' || (way.available && state === 'submitted');
  const first = way.all ? 0 : way.states.findIndex(isOver);
  const options: WaitSyncObjectsOptions = {
    all: way.all,
    waitForSubmit: way.waitForSubmit,
    available: way.available,
  };
  const times = [{ timeoutMs: 0 }, { timeoutMs: 1 }, ...(way.outcome === 'ETIME' ? [] : [{}])];
  for (const time of times) {
    expect(await outcome(waitSyncObjects(list, { ...options, ...time }))).toBe(
      way.outcome === 'over' ? first : way.outcome,
    );
  }
  for (const { syncObject } of list) syncObject[Symbol.dispose]();
  for (const timeline of timelines) timeline.cancel();
}

/** Ends with what comes while it waits: the signal of a fence that is there, or a fence that was signaled already. */
export async function delayed(point: number, all: boolean, waitForSubmit: boolean): Promise<void> {
  using object = new SyncObject();
  const timeline = waitForSubmit ? undefined : attach(object, point);
  const list = [{ syncObject: object, point }];
  const waiting = waitSyncObjects(list, { all, waitForSubmit, timeoutMs: 60_000 });
  expect(await isOpen(waiting)).toBe(true);
  if (timeline === undefined) trigger(object, point);
  else timeline.advanceTo(1);
  expect(await waiting).toBe(0);
}

/** Given up, by the caller or by time, a wait leaves nothing on the fence; another one may begin. */
export async function interrupted(point: number, all: boolean): Promise<void> {
  using object = new SyncObject();
  const timeline = attach(object, point);
  const list = [{ syncObject: object, point }];
  using fence = timeline.fenceAt(1);
  const before = fence.refCount;
  for (let round = 0; round < 3; round++) {
    const stop = new AbortController();
    const waiting = rejection(waitSyncObjects(list, { all, signal: stop.signal }));
    stop.abort('interrupted');
    expect(await waiting).toBe('interrupted');
    expect(await outcome(waitSyncObjects(list, { all, timeoutMs: 1 }))).toBe('ETIME');
  }
  expect(fence.refCount).toBe(before);
  timeline.advanceTo(1);
  expect(await outcome(waitSyncObjects(list, { all }))).toBe(0);
}

/** The stages that igt's `…-complex` subtests take each of eight sync objects through. */
export async function complex(point: number, all: boolean, waitForSubmit: boolean): Promise<void> {
  const objects = Array.from({ length: 8 }, () => new SyncObject());
  const timelines = objects.map((object) => (waitForSubmit ? undefined : attach(object, point)));
  const list = objects.map((syncObject) => ({ syncObject, point }));
  let ended: number | undefined;
  const waiting = waitSyncObjects(list, { all, waitForSubmit }).then((index) => (ended = index));
  const stages = objects.map(() => 0);
  const signaled: number[] = [];
  // Every object comes four times, in an order in which no stage of all is reached together.
  const steps = Array.from({ length: 32 }, (_, step) => (step * 5 + (step >> 3) * 3) % 8);
  for (const index of steps) {
    const object = objects[index] as SyncObject;
    const stage = stages[index] ?? 0;
    stages[index] = stage + 1;
    if (stage === 0) timelines[index] ??= attach(object, point);
    else if (stage === 1) {
      timelines[index]?.advanceTo(1);
      signaled.push(index);
    } else if (stage === 2) object.reset();
    else timelines[index] = attach(object, point);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    expect(ended === undefined).toBe(signaled.length < (all ? 8 : 1));
    if (ended !== undefined) break;
  }
  expect(await waiting).toBe(all ? 0 : signaled[0]);
  for (const object of objects) object[Symbol.dispose]();
  for (const timeline of timelines) timeline?.cancel();
}

/** What igt's `…-snapshot` subtests do: the first fence is taken away, and one that never signals put in its place. */
export async function snapshot(point: number, all: boolean, waitForSubmit: boolean): Promise<void> {
  const [one, two] = [new SyncObject(), new SyncObject()];
  let [first, second] = waitForSubmit ? [] : [attach(one, point), attach(two, point)];
  const list = [one, two].map((syncObject) => ({ syncObject, point }));
  let ended: number | undefined;
  const waiting = waitSyncObjects(list, { all, waitForSubmit }).then((index) => (ended = index));
  if (waitForSubmit && !all) first = attach(one, point);
  else if (all) {
    first ??= attach(one, point);
    first.advanceTo(1);
  }
  one.reset();
  const never = attach(one, point);
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  expect(ended).toBeUndefined();
  second ??= attach(two, point);
  second.advanceTo(1);
  expect(await waiting).toBe(all ? 0 : 1);
  expect(never.context.pending).toBe(1);
  for (const timeline of [first, never]) timeline?.cancel();
  for (const object of [one, two]) object[Symbol.dispose]();
}
