import { fenceArray } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { fence, forTest, queueOf } from './support.js';

describe('any depth', () => {
  test.each([['lone jobs'], ['streams']])(
    'a chain of 50 000 %s begins without recursion, inside one signal',
    (kind) => {
      const queue = queueOf();
      using entity = queue.entity();
      const first = fence();
      let count = 0;
      let last = (kind === 'streams' ? entity : queue).submit(() => count++, { after: [first] });
      for (let i = 1; i < 50_000; i++) {
        last = (kind === 'streams' ? entity : queue).submit(() => count++, { after: [last] });
      }
      first.signal();
      expect([count, last.status]).toEqual([50_000, 'finished']);
    },
  );

  test('so does a chain of failures, also over fences of others', () => {
    const queue = queueOf();
    const first = fence();
    let last = queue.submit(() => 1, { after: [first] });
    for (let i = 1; i < 20_000; i++) last = queue.submit(() => 1, { after: [last] });
    first.fail('EIO');
    expect(last.status).toBe('failed');
    forTest(last);
    expect(last.finished.error).toBe(first.error);
    const deep = fence();
    let job = forTest(queue.submit(() => 1, { after: [deep] }));
    for (let i = 1; i < 3_000; i++) {
      using both = fenceArray([job.finished, deep]);
      job = forTest(queue.submit(() => 1, { after: [both] }));
    }
    deep.fail('EIO');
    expect(job.finished.error).toBe(deep.error);
  });
});
