import { SyncObject } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { thrown } from '../support.js';
import { attach } from './sync-objects.js';

test('invalid-illegal-eventfd: what cannot be called is refused', () => {
  using object = new SyncObject({ signaled: true });
  for (const bad of [undefined, 3, {}]) expect(thrown(() => object.notify(bad as never)).code).toBe('EINVAL');
});

test('invalid-bad-flags: a point that is none is refused', () => {
  using object = new SyncObject({ signaled: true });
  for (const point of [-1, 0.5, 2 ** 53, '1' as never]) {
    expect(thrown(() => object.notify(() => undefined, { point })).code).toBe('EINVAL');
  }
});

describe.each([
  ['binary', 0],
  ['timeline', 1],
] as const)('%s', (_kind, point) => {
  /** Notifications for a point that is reached, and for one that is there. */
  function listen(object: SyncObject): string[] {
    const heard: string[] = [];
    object.notify(() => heard.push('reached'), { point });
    object.notify(() => heard.push('there'), { point, available: true });
    return heard;
  }

  test('wait: a fence that is there is told at once, its signal when it comes, each once', () => {
    using object = new SyncObject();
    const timeline = attach(object, point);
    const heard = listen(object);
    expect(heard).toEqual(['there']);
    timeline.advanceTo(1);
    timeline.advanceTo(2);
    expect(heard).toEqual(['there', 'reached']);
  });

  test('wait-before-signal: a fence that comes later is told when it comes', () => {
    using object = new SyncObject();
    const heard = listen(object);
    expect(heard).toEqual([]);
    const timeline = attach(object, point);
    expect(heard).toEqual(['there']);
    timeline.advanceTo(1);
    expect(heard).toEqual(['there', 'reached']);
  });

  test('wait-signaled: a signaled fence is told at once, both ways', () => {
    using object = new SyncObject();
    attach(object, point).advanceTo(1);
    expect(listen(object)).toEqual(['reached', 'there']);
  });
});
