import {
  DmaReservation,
  FenceTimeline,
  FenceUsage,
  type DmaFence,
  type DriverFence,
  type ReservationLock,
} from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { context, forTest } from '../support.js';

const { WRITE, READ } = FenceUsage;

/** A job that uses a buffer: the fence is the test's to signal. */
function attach(buffer: DmaReservation, usage: FenceUsage): DriverFence {
  const fence = context().createFence();
  using lock = buffer.tryLock() as ReservationLock;
  lock.add(fence, usage);
  return fence;
}

/** Whether a reader, and a writer, would have to wait: asked of the buffer, then of what it hands out. */
function busy(buffer: DmaReservation): { read: boolean; write: boolean } {
  const answers = (['read', 'write'] as const).map((access) => {
    using fence = buffer.exportFence(access);
    const asked = !buffer.poll(access === 'read' ? WRITE : READ);
    expect(!fence.poll()).toBe(asked);
    return asked;
  }) as [boolean, boolean];
  return { read: answers[0], write: answers[1] };
}

describe('igt dmabuf_sync_file', () => {
  test('export-basic: a reader in it keeps writers away, a writer everybody, nobody nobody', () => {
    const buffer = forTest(new DmaReservation());
    expect(busy(buffer)).toEqual({ read: false, write: false });
    const reader = attach(buffer, READ);
    expect(busy(buffer)).toEqual({ read: false, write: true });
    reader.signal();
    expect(busy(buffer)).toEqual({ read: false, write: false });
    const writer = attach(buffer, WRITE);
    expect(busy(buffer)).toEqual({ read: true, write: true });
    writer.signal();
    expect(busy(buffer)).toEqual({ read: false, write: false });
  });

  test.each([
    ['reader', READ],
    ['writer', WRITE],
  ] as const)('export-before-signal: what was handed out with a %s is over with it', (_who, usage) => {
    const buffer = forTest(new DmaReservation());
    const fence = attach(buffer, usage);
    using toRead = buffer.exportFence('read');
    using toWrite = buffer.exportFence('write');
    expect([toRead.poll(), toWrite.poll()]).toEqual([usage === READ, false]);
    fence.signal();
    expect([toRead.poll(), toWrite.poll()]).toEqual([true, true]);
  });

  test('export-multiwait: it waits for the readers that were there, not for one that came later', () => {
    const buffer = forTest(new DmaReservation());
    const [one, two] = [attach(buffer, READ), attach(buffer, READ)];
    using toWrite = buffer.exportFence('write');
    const three = attach(buffer, READ);
    expect(toWrite.poll()).toBe(false);
    one.signal();
    expect(toWrite.poll()).toBe(false);
    two.signal();
    expect([toWrite.poll(), three.signaled]).toEqual([true, false]);
    three.signal();
  });

  test('export-wait-after-attach: each export sees what was there then', () => {
    const buffer = forTest(new DmaReservation());
    const both = (): [DmaFence, DmaFence] => [buffer.exportFence('read'), buffer.exportFence('write')];
    const before = both();
    const one = attach(buffer, WRITE);
    expect(before.map((fence) => fence.poll())).toEqual([true, true]);
    const after = both();
    expect(after.map((fence) => fence.poll())).toEqual([false, false]);
    one.signal();
    const two = attach(buffer, WRITE);
    expect(after.map((fence) => fence.poll())).toEqual([true, true]);
    expect(busy(buffer)).toEqual({ read: true, write: true });
    two.signal();
    for (const fence of [...before, ...after]) fence.put();
  });

  test('import-basic: what is taken in as a reader keeps writers away, as a writer everybody', async () => {
    const buffer = forTest(new DmaReservation());
    using timeline = new FenceTimeline({ driverName: 'sw_sync', timelineName: 'igt' });
    expect(busy(buffer)).toEqual({ read: false, write: false });
    for (const [value, access] of [
      [1, 'read'],
      [2, 'write'],
      [3, 'read'],
    ] as const) {
      using fence = timeline.fenceAt(value);
      await buffer.importFence(fence, access);
      expect(busy(buffer)).toEqual({ read: access === 'write', write: true });
      timeline.advanceTo(value);
      expect(busy(buffer)).toEqual({ read: false, write: false });
    }
  });

  /** 32 readers, each of its own timeline, and a writer or none. */
  async function importMultiple(write: boolean): Promise<void> {
    const buffer = forTest(new DmaReservation());
    const timelines = Array.from(
      { length: 33 },
      () => new FenceTimeline({ driverName: 'sw_sync', timelineName: 'igt' }),
    );
    const writer = timelines.pop() as FenceTimeline;
    for (const timeline of timelines) {
      using fence = timeline.fenceAt(1);
      await buffer.importFence(fence, 'read');
    }
    using last = writer.fenceAt(1);
    if (write) await buffer.importFence(last, 'write');
    using toRead = buffer.exportFence('read');
    using toWrite = buffer.exportFence('write');
    const check = (readers: boolean): void => {
      expect(busy(buffer)).toEqual({ read: write, write: write || readers });
      expect([toRead.poll(), toWrite.poll()]).toEqual([!write, !write && !readers]);
    };
    for (const timeline of timelines.toReversed()) {
      check(true);
      timeline.advanceTo(1);
    }
    check(false);
    writer.advanceTo(1);
    expect([busy(buffer), toRead.poll(), toWrite.poll()]).toEqual([
      { read: false, write: false },
      true,
      true,
    ]);
  }

  test('import-multiple-read-only: each of 32 readers keeps writers away, and no reader', () =>
    importMultiple(false));
  test('import-multiple-read-write: beside a writer, nobody may come in', () => importMultiple(true));
});
