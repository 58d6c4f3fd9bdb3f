import { ruleTester } from '../support/rule-tester.js';

ruleTester('no-put-borrowed', {
  valid: [
    {
      name: "a helper's parameter that takes over",
      code: `import type { DmaFence, Owned } from '@dma-fence/core';
export function drop(fence: Owned): void {
  fence.put();
}
`,
    },
    {
      name: 'a field that is emptied',
      code: `import type { DmaFence } from '@dma-fence/core';
export function clear(slot: { last: DmaFence | undefined }): void {
  slot.last?.put();
  slot.last = undefined;
}
`,
    },
    {
      name: 'a parameter, where that is allowed',
      options: [{ allowParameters: true }],
      code: `import type { DmaFence } from '@dma-fence/core';
export function drop(fence: DmaFence): void {
  fence.put();
}
`,
    },
  ],
  invalid: [
    {
      name: 'a parameter',
      code: `import type { DmaFence } from '@dma-fence/core';
export function drop(fence: DmaFence): void {
  fence.put();
}
`,
      errors: [
        {
          line: 3,
          message:
            "'fence' is put here, but a parameter is only lent (line 2): take a reference with get(), or tag the function with @consumes.",
        },
      ],
    },
    {
      name: 'using on a parameter',
      code: `import type { DmaFence } from '@dma-fence/core';
export function look(fence: DmaFence): boolean {
  using ref = fence;
  return ref.poll();
}
`,
      errors: [
        {
          line: 3,
          message: "'fence' is only lent, and using would put it at the end of the block: write get().",
          suggestions: [
            {
              desc: 'Take a reference of its own with get().',
              output: `import type { DmaFence } from '@dma-fence/core';
export function look(fence: DmaFence): boolean {
  using ref = fence.get();
  return ref.poll();
}
`,
            },
          ],
        },
      ],
    },
    {
      name: 'a property',
      code: `import type { DmaFence } from '@dma-fence/core';
export function look(job: { readonly done: DmaFence }): void {
  job.done.put();
}
`,
      errors: [
        {
          line: 3,
          message:
            "'job.done' is put here, but it belongs to where it was read from on line 3: take a reference with get() first.",
        },
      ],
    },
    {
      name: 'what core lends',
      code: `import { unwrapFences, type DmaFence } from '@dma-fence/core';
export function all(fence: DmaFence): void {
  for (const leaf of unwrapFences(fence)) leaf.put();
}
`,
      errors: [
        {
          line: 3,
          message: "'leaf' is put here, but it was only lent on line 3.",
        },
      ],
    },
  ],
});
