import { SyncObject, waitSyncObjects } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { isOpen, rejection } from '../support.js';
import { complex, delayed, interrupted, outcome, snapshot, trigger, tryWay } from './sync-objects.js';
import { ways } from './wait-matrix.js';

describe('igt syncobj_wait', () => {
  test('invalid-wait-bad-flags: options that are none are refused', async () => {
    using object = new SyncObject({ signaled: true });
    for (const bad of [null, { timeoutMs: -1 }, { timeoutMs: '1' }, { signal: {} }, { point: -1 }]) {
      expect((await rejection(object.wait(bad as never))).code).toBe('EINVAL');
    }
  });

  test('wait-zero-handles: of nothing all is over at once; any of it never is, and is refused', async () => {
    expect(await outcome(waitSyncObjects([], { all: true }))).toBe(-1);
    expect(await outcome(waitSyncObjects([]))).toBe('EINVAL');
  });

  test('invalid-wait-illegal-handle: what is no sync object is refused before anything is waited for', async () => {
    using object = new SyncObject();
    for (const bad of [undefined, {}, { syncObject: 1 }, 7]) {
      expect(await outcome(waitSyncObjects([object, bad as never], { waitForSubmit: true }))).toBe('EINVAL');
    }
  });

  test.each(ways('binary', 'single'))('$name: $outcome', async (way) => {
    await tryWay(way, [0]);
  });

  test.each(ways('binary', 'multi'))('$name: $outcome', async (way) => {
    await tryWay(way, [0, 0, 0]);
  });

  test('wait-delayed-signal: ends with the signal', () => delayed(0, false, false));
  test('wait-for-submit-delayed-submit: ends with what is submitted meanwhile', () =>
    delayed(0, false, true));
  test('wait-all-delayed-signal: ends with the signal', () => delayed(0, true, false));
  test('wait-all-for-submit-delayed-submit: ends with what is submitted meanwhile', () =>
    delayed(0, true, true));

  test('reset-unsignaled: an empty slot stays empty', async () => {
    using object = new SyncObject();
    expect(await outcome(waitSyncObjects([object]))).toBe('EINVAL');
    object.reset();
    expect(await outcome(waitSyncObjects([object]))).toBe('EINVAL');
  });

  test('reset-signaled: what was there is gone', async () => {
    using object = new SyncObject();
    trigger(object);
    expect(await outcome(waitSyncObjects([object], { timeoutMs: 0 }))).toBe(0);
    object.reset();
    expect(await outcome(waitSyncObjects([object], { timeoutMs: 0 }))).toBe('EINVAL');
  });

  test('reset-multiple-signaled: each for itself', async () => {
    const objects = Array.from({ length: 3 }, () => new SyncObject());
    for (const object of objects) trigger(object);
    expect(await outcome(waitSyncObjects(objects, { timeoutMs: 0 }))).toBe(0);
    for (const object of objects) object.reset();
    for (const object of objects) expect(await outcome(waitSyncObjects([object]))).toBe('EINVAL');
  });

  test('reset-during-wait-for-submit: who waits for submission goes on waiting', async () => {
    using object = new SyncObject();
    const waiting = object.wait({ waitForSubmit: true });
    object.reset();
    expect(await isOpen(waiting)).toBe(true);
    trigger(object);
    await waiting;
  });

  test('signal: fills the slot for every kind of wait', async () => {
    using object = new SyncObject();
    const both = async (): Promise<unknown[]> => [
      await outcome(waitSyncObjects([object], { timeoutMs: 0 })),
      await outcome(waitSyncObjects([object], { timeoutMs: 0, waitForSubmit: true })),
    ];
    expect(await both()).toEqual(['EINVAL', 'ETIME']);
    object.signal();
    expect(await both()).toEqual([0, 0]);
  });

  test('wait-any-snapshot: sees the fences that were there', () => snapshot(0, false, false));
  test('wait-all-snapshot: sees the fences that were there', () => snapshot(0, true, false));
  test('wait-for-submit-snapshot: sees each fence that came first', () => snapshot(0, false, true));
  test('wait-all-for-submit-snapshot: sees each fence that came first', () => snapshot(0, true, true));

  test('wait-any-complex: ends with the first of eight', () => complex(0, false, false));
  test('wait-all-complex: ends with the last of eight, though others were reset meanwhile', () =>
    complex(0, true, false));
  test('wait-for-submit-complex: ends with the first of eight that come', () => complex(0, false, true));
  test('wait-all-for-submit-complex: ends with the last of eight that come', () => complex(0, true, true));

  test('wait-any-interrupted: given up, it leaves nothing behind and may be begun again', () =>
    interrupted(0, false));
  test('wait-all-interrupted: given up, it leaves nothing behind and may be begun again', () =>
    interrupted(0, true));
});
