import { DmaFenceContext } from '@dma-fence/core';
import { expect, it } from 'vitest';
import { PendingDump } from '../../src/trace/pending-dump.ts';
import { FakeClock } from '../support/fake-clock.ts';

function context(): DmaFenceContext {
  return new DmaFenceContext({ driverName: 'demo', timelineName: 'engine-0' });
}

it('lists what is pending when nothing was signaled for so long, once each time', () => {
  const clock = new FakeClock();
  const tables: string[] = [];
  using _dump = new PendingDump(100, clock, (table) => tables.push(table));
  const engine = context();
  using first = engine.createFence();
  using second = engine.createFence();
  clock.advance(99);
  first.signal();
  clock.advance(99);
  expect(tables).toEqual([]);
  clock.advance(1000);
  expect(tables).toHaveLength(1);
  expect(tables[0]).toMatch(/^Nothing was signaled for 100 ms: 1 pending fence\nfence .*\n/);
  expect(tables[0]).toContain(second.name);
  expect(tables[0]).not.toContain(first.name);
  second.signal();
});

it('says nothing where nothing is pending, and leaves no timer behind', () => {
  const clock = new FakeClock();
  const tables: string[] = [];
  const dump = new PendingDump(100, clock, (table) => tables.push(table));
  clock.advance(100);
  using fence = context().createFence();
  fence.signal();
  dump[Symbol.dispose]();
  clock.advance(1000);
  expect(tables).toEqual([]);
  expect(clock.timers).toBe(0);
});
