import { ruleTester } from '../support/rule-tester.js';

ruleTester('valid-ownership-tags', {
  valid: [
    {
      name: 'tags that are true',
      code: `import type { DmaFence } from '@dma-fence/core';
const kept: DmaFence[] = [];
/**
 * @consumes fence
 * @borrows other
 */
export function keep(fence: DmaFence, other: DmaFence): boolean {
  kept.push(fence);
  return other.poll();
}
`,
    },
  ],
  invalid: [
    {
      name: 'no such parameter',
      code: `import type { DmaFence } from '@dma-fence/core';
/** @consumes fense */
export function drop(fence: DmaFence): boolean {
  return fence.poll();
}
`,
      errors: [
        {
          line: 2,
          message: "@consumes names 'fense', which is no parameter of this function.",
        },
      ],
    },
    {
      name: 'a condition that is not understood',
      code: `import type { DmaFence } from '@dma-fence/core';
const kept: DmaFence[] = [];
/** @consumes fence - only when there is room */
export function keep(fence: DmaFence): void {
  kept.push(fence);
}
`,
      errors: [
        {
          line: 3,
          message:
            "'only when there is room' is not understood: write '@consumes fence - only when the call returns true' (or false).",
        },
      ],
    },
    {
      name: 'both at once',
      code: `import type { DmaFence } from '@dma-fence/core';
const kept: DmaFence[] = [];
/**
 * @consumes fence
 * @borrows fence
 */
export function keep(fence: DmaFence): void {
  kept.push(fence);
}
`,
      errors: [
        {
          line: 5,
          message: "'fence' is said to be both consumed and borrowed.",
        },
      ],
    },
    {
      name: 'a promise that is not kept',
      code: `import type { DmaFence } from '@dma-fence/core';
/** @consumes fence */
export function drop(fence: DmaFence): boolean {
  return fence.poll();
}
`,
      errors: [
        {
          line: 2,
          message:
            "'fence' is said to be consumed, but no path of this function puts it, stores it or hands it on.",
        },
      ],
    },
    {
      name: 'a result that there is not',
      code: `import type { DmaFence } from '@dma-fence/core';
/** @acquires */
export function size(fence: DmaFence): number {
  return fence.seqno;
}
`,
      errors: [
        {
          line: 2,
          message: '@acquires speaks of a result, but this function returns no fence.',
        },
      ],
    },
    {
      name: 'no name',
      code: `import type { DmaFence } from '@dma-fence/core';
/** @consumes */
export function drop(fence: DmaFence): boolean {
  return fence.poll();
}
`,
      errors: [
        {
          line: 2,
          message: '@consumes has to name a parameter.',
        },
      ],
    },
  ],
});
