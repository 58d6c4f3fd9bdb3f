import { inspect } from 'node:util';
import { MessageChannel } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { context, timeline } from '../support.js';

test('a fence refuses to be cloned or posted, and says what to do', () => {
  const fence = context().createFence({ plain: 'data' });
  const { port1 } = new MessageChannel();
  const stays = /a fence stays in its thread; post the handle of a SharedTimeline/;
  expect(() => structuredClone(fence)).toThrow(stays);
  expect(() => structuredClone({ deep: [fence] })).toThrow(stays);
  expect(() => port1.postMessage(fence)).toThrow(stays);
  expect(() => structuredClone(fence.context)).toThrow(stays);
  expect(() => structuredClone(timeline())).toThrow(stays);
  port1.close();
});

test('console.log shows what JSON shows', () => {
  const fence = context().createFence();
  expect(inspect(fence)).toBe(inspect(fence.toJSON()));
  expect(inspect({ fence }, { depth: 1 })).toContain("status: 'pending'");
  expect(inspect(fence.context)).toContain('pending: 1');
  expect(inspect(timeline())).toContain('value: 0');
});
