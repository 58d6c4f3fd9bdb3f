import { ruleTester } from '../support/rule-tester.js';

ruleTester('no-double-put', {
  valid: [
    {
      name: 'one put on each path',
      code: `import type { DmaFence } from '@dma-fence/core';
export function drop(fence: DmaFence, early: boolean): void {
  const ref = fence.get();
  if (early) {
    ref.put();
    return;
  }
  ref.poll();
  ref.put();
}
`,
    },
    {
      name: 'two references',
      code: `import type { DmaFence } from '@dma-fence/core';
export function drop(fence: DmaFence): void {
  const first = fence.get();
  const second = first.get();
  first.put();
  second.put();
}
`,
    },
  ],
  invalid: [
    {
      name: 'put twice',
      code: `import type { DmaFence } from '@dma-fence/core';
export function drop(fence: DmaFence, early: boolean): void {
  const ref = fence.get();
  if (early) ref.put();
  ref.put();
}
`,
      errors: [
        {
          line: 5,
          message: "'ref' is put here again; its reference was already put on line 4.",
          suggestions: [
            {
              desc: 'Remove this put().',
              output: `import type { DmaFence } from '@dma-fence/core';
export function drop(fence: DmaFence, early: boolean): void {
  const ref = fence.get();
  if (early) ref.put();
}
`,
            },
          ],
        },
      ],
    },
    {
      name: 'put after it was handed over',
      code: `import type { DmaFence } from '@dma-fence/core';
const kept: DmaFence[] = [];
export function keep(fence: DmaFence): void {
  const ref = fence.get();
  kept.push(ref);
  ref.put();
}
`,
      errors: [
        {
          line: 6,
          message:
            "'ref' is put here, but its reference was handed over on line 5 and is no longer this function's.",
          suggestions: [
            {
              desc: 'Remove this put().',
              output: `import type { DmaFence } from '@dma-fence/core';
const kept: DmaFence[] = [];
export function keep(fence: DmaFence): void {
  const ref = fence.get();
  kept.push(ref);
}
`,
            },
          ],
        },
      ],
    },
    {
      name: 'put although using does',
      code: `import type { DmaFence } from '@dma-fence/core';
export function look(fence: DmaFence): void {
  using ref = fence.get();
  ref.poll();
  ref.put();
}
`,
      errors: [
        {
          line: 5,
          message: "'ref' is put here, but its reference is put by the using or stack of line 3 as well.",
          suggestions: [
            {
              desc: 'Remove this put().',
              output: `import type { DmaFence } from '@dma-fence/core';
export function look(fence: DmaFence): void {
  using ref = fence.get();
  ref.poll();
}
`,
            },
          ],
        },
      ],
    },
  ],
});
