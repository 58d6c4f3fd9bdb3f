import { ruleTester } from '../support/rule-tester.js';

ruleTester('no-borrow-across-await', {
  valid: [
    {
      name: 'a reference taken before the await',
      code: `import type { DmaFence } from '@dma-fence/core';
export async function last(slot: { current: DmaFence }, pause: () => Promise<void>): Promise<boolean> {
  using fence = slot.current.get();
  await pause();
  return fence.poll();
}
`,
    },
    {
      name: 'the slot read again',
      code: `import type { DmaFence } from '@dma-fence/core';
export async function last(slot: { current: DmaFence }, pause: () => Promise<void>): Promise<boolean> {
  await pause();
  return slot.current.poll();
}
`,
    },
    {
      name: 'a parameter, which the caller keeps',
      code: `import type { DmaFence } from '@dma-fence/core';
export async function last(fence: DmaFence, pause: () => Promise<void>): Promise<boolean> {
  await pause();
  return fence.poll();
}
`,
    },
  ],
  invalid: [
    {
      name: 'a fence of a slot',
      code: `import type { DmaFence } from '@dma-fence/core';
export async function last(slot: { current: DmaFence }, pause: () => Promise<void>): Promise<boolean> {
  const fence = slot.current;
  await pause();
  return fence.poll();
}
`,
      errors: [
        {
          line: 5,
          message:
            "'slot.current', read on line 3, is used after the await on line 4: its place may hold another fence by now, and nobody keeps this one. Take a reference with get() before waiting.",
        },
      ],
    },
  ],
});
