import { ruleTester } from '../support/rule-tester.js';

ruleTester('no-use-after-put', {
  valid: [
    {
      name: 'plain properties',
      code: `import type { DmaFence } from '@dma-fence/core';
export function name(fence: DmaFence): string {
  const ref = fence.get();
  ref.put();
  return ref.name;
}
`,
    },
    {
      name: 'another reference',
      code: `import type { DmaFence } from '@dma-fence/core';
export function poll(fence: DmaFence): boolean {
  const ref = fence.get();
  ref.put();
  return fence.poll();
}
`,
    },
  ],
  invalid: [
    {
      name: 'a call',
      code: `import type { DmaFenceContext } from '@dma-fence/core';
export function poll(context: DmaFenceContext): boolean {
  const fence = context.createFence();
  fence.signal();
  fence.put();
  return fence.poll();
}
`,
      errors: [
        {
          line: 6,
          message: "'fence' is used here, after its reference was put on line 5.",
        },
      ],
    },
    {
      name: 'a return',
      code: `import type { DmaFenceContext, DmaFence } from '@dma-fence/core';
export function make(context: DmaFenceContext): DmaFence {
  const fence = context.createFence();
  fence.put();
  return fence;
}
`,
      errors: [
        {
          line: 5,
          message: "'fence' is returned here, after its reference was put on line 4.",
        },
      ],
    },
    {
      name: 'a store',
      code: `import type { DmaFenceContext, DmaFence } from '@dma-fence/core';
export function make(context: DmaFenceContext, slot: { last?: DmaFence }): void {
  const fence = context.createFence();
  fence.put();
  slot.last = fence;
}
`,
      errors: [
        {
          line: 5,
          message: "'fence' is handed on here, after its reference was put on line 4.",
        },
      ],
    },
    {
      name: 'a return of what using puts',
      code: `import type { DmaFenceContext, DmaFence } from '@dma-fence/core';
export function make(context: DmaFenceContext): DmaFence {
  using fence = context.createFence();
  return fence;
}
`,
      errors: [
        {
          line: 4,
          message: "'fence' is returned here, but the using of line 3 puts it on the way out.",
          suggestions: [
            {
              desc: 'Hand on a reference of its own with get().',
              output: `import type { DmaFenceContext, DmaFence } from '@dma-fence/core';
export function make(context: DmaFenceContext): DmaFence {
  using fence = context.createFence();
  return fence.get();
}
`,
            },
          ],
        },
      ],
    },
    {
      name: 'a store of what using puts',
      code: `import type { DmaFenceContext, DmaFence } from '@dma-fence/core';
export function make(context: DmaFenceContext, list: DmaFence[]): void {
  using fence = context.createFence();
  list.push(fence);
}
`,
      errors: [
        {
          line: 4,
          message: "'fence' is handed on here, but the using of line 3 puts it at the end of its block.",
          suggestions: [
            {
              desc: 'Hand on a reference of its own with get().',
              output: `import type { DmaFenceContext, DmaFence } from '@dma-fence/core';
export function make(context: DmaFenceContext, list: DmaFence[]): void {
  using fence = context.createFence();
  list.push(fence.get());
}
`,
            },
          ],
        },
      ],
    },
    {
      name: 'a wait that is not over',
      code: `import type { DmaFence } from '@dma-fence/core';
export async function wait(fence: DmaFence): Promise<void> {
  using ref = fence.get();
  return ref.wait();
}
`,
      errors: [
        {
          line: 4,
          message:
            "The wait for 'ref' is returned before it is over, and the reference is put on line 3 on the way out.",
          suggestions: [
            {
              desc: 'Wait here, before the reference is put.',
              output: `import type { DmaFence } from '@dma-fence/core';
export async function wait(fence: DmaFence): Promise<void> {
  using ref = fence.get();
  return await ref.wait();
}
`,
            },
          ],
        },
      ],
    },
  ],
});
