import { ruleTester } from '../support/rule-tester.js';

ruleTester('no-double-transfer', {
  valid: [
    {
      name: 'a reference for each owner',
      code: `import type { DmaFenceContext, DmaFence } from '@dma-fence/core';
const all: DmaFence[] = [];
export function start(context: DmaFenceContext): DmaFence {
  const fence = context.createFence();
  all.push(fence.get());
  return fence;
}
`,
    },
  ],
  invalid: [
    {
      name: 'stored and returned',
      code: `import type { DmaFenceContext, DmaFence } from '@dma-fence/core';
const all: DmaFence[] = [];
export function start(context: DmaFenceContext): DmaFence {
  const fence = context.createFence();
  all.push(fence);
  return fence;
}
`,
      errors: [
        {
          line: 6,
          message:
            "The reference of 'fence' was handed over on line 5 already: give the second owner its own with get().",
          suggestions: [
            {
              desc: 'Hand on a second reference with get().',
              output: `import type { DmaFenceContext, DmaFence } from '@dma-fence/core';
const all: DmaFence[] = [];
export function start(context: DmaFenceContext): DmaFence {
  const fence = context.createFence();
  all.push(fence);
  return fence.get();
}
`,
            },
          ],
        },
      ],
    },
    {
      name: 'stored in two fields',
      code: `import type { DmaFenceContext, DmaFence } from '@dma-fence/core';
export function start(context: DmaFenceContext, job: { first?: DmaFence; last?: DmaFence }): void {
  const fence = context.createFence();
  job.first = fence;
  job.last = fence;
}
`,
      errors: [
        {
          line: 5,
          message:
            "The reference of 'fence' was handed over on line 4 already: give the second owner its own with get().",
          suggestions: [
            {
              desc: 'Hand on a second reference with get().',
              output: `import type { DmaFenceContext, DmaFence } from '@dma-fence/core';
export function start(context: DmaFenceContext, job: { first?: DmaFence; last?: DmaFence }): void {
  const fence = context.createFence();
  job.first = fence;
  job.last = fence.get();
}
`,
            },
          ],
        },
      ],
    },
  ],
});
