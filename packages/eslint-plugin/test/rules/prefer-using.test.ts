import { ruleTester } from '../support/rule-tester.js';

ruleTester('prefer-using', {
  valid: [
    {
      name: 'using',
      code: `import type { DmaFence } from '@dma-fence/core';
export async function wait(fence: DmaFence): Promise<void> {
  using ref = fence.get();
  await ref.wait();
}
`,
    },
    {
      name: 'a reference that is handed on',
      code: `import type { DmaFence } from '@dma-fence/core';
export function hand(fence: DmaFence, list: DmaFence[]): void {
  const ref = fence.get();
  list.push(ref);
}
`,
    },
    {
      name: 'a short life, where that is allowed',
      options: [{ minStatements: 2 }],
      code: `import type { DmaFence } from '@dma-fence/core';
export function poll(fence: DmaFence): void {
  const ref = fence.get();
  ref.poll();
  ref.put();
}
`,
    },
  ],
  invalid: [
    {
      name: 'a put that is the last act',
      code: `import type { DmaFence } from '@dma-fence/core';
export async function wait(fence: DmaFence): Promise<void> {
  const ref = fence.get();
  await ref.wait();
  ref.put();
}
`,
      output: `import type { DmaFence } from '@dma-fence/core';
export async function wait(fence: DmaFence): Promise<void> {
  using ref = fence.get();
  await ref.wait();
}
`,
      errors: [
        {
          line: 3,
          message: "'ref' is taken and put in one block: using puts it on every way out.",
        },
      ],
    },
    {
      name: 'a put in the middle',
      code: `import type { DmaFence } from '@dma-fence/core';
export async function wait(fence: DmaFence, work: () => void): Promise<void> {
  const ref = fence.get();
  await ref.wait();
  ref.put();
  work();
}
`,
      errors: [
        {
          line: 3,
          message: "'ref' is taken and put in one block: using puts it on every way out.",
          suggestions: [
            {
              desc: 'Declare it with using and remove the put().',
              output: `import type { DmaFence } from '@dma-fence/core';
export async function wait(fence: DmaFence, work: () => void): Promise<void> {
  using ref = fence.get();
  await ref.wait();
  work();
}
`,
            },
          ],
        },
      ],
    },
  ],
});
