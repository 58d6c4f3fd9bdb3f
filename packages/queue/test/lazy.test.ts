import { addFenceTracer, DmaFenceContext } from '@dma-fence/core';
import { expect, test } from 'vitest';
import { queueOf, Unit } from './support.js';

const contexts = (): number => new DmaFenceContext({ driverName: 'x', timelineName: 'y' }).id;

test('fences of jobs without a stream do not exist while nobody asks and nobody looks on', () => {
  const unit = new Unit();
  const queue = queueOf();
  const before = contexts();
  queue.submit(unit.run, { name: 'a' });
  queue.submit(unit.run, { name: 'b' });
  unit.end('a');
  unit.end('b');
  expect(contexts()).toBe(before + 1);
});

test('one that is asked for while the job waits is the one that signals', () => {
  const unit = new Unit();
  const queue = queueOf();
  queue.submit(unit.run, { name: 'a' });
  using job = queue.submit(() => 1);
  const { finished } = job;
  expect([finished.refCount, finished.status]).toEqual([2, 'pending']);
  unit.end('a');
  expect([finished.refCount, finished.status]).toEqual([1, 'signaled']);
});

test('where a tracer looks on, they exist from arm to the end', () => {
  const told: string[] = [];
  using _tracing = addFenceTracer({
    init: ({ context }) => told.push(`init ${context.timelineName}`),
    emit: ({ context }) => told.push(`emit ${context.timelineName}`),
    signaled: ({ context }) => told.push(`signaled ${context.timelineName}`),
    destroy: ({ context }) => told.push(`destroy ${context.timelineName}`),
  });
  queueOf().submit(() => told.push('work'));
  expect(told).toEqual([
    'init jobs.scheduled',
    'init jobs',
    'signaled jobs.scheduled',
    'destroy jobs.scheduled',
    'emit jobs',
    'work',
    'signaled jobs',
    'destroy jobs',
  ]);
});
