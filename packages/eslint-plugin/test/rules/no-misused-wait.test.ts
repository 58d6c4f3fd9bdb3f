import { ruleTester } from '../support/rule-tester.js';

ruleTester('no-misused-wait', {
  valid: [
    {
      name: 'a wait that is awaited',
      code: `import type { DmaFence } from '@dma-fence/core';
export async function ready(fence: DmaFence): Promise<boolean> {
  await fence.wait();
  return fence.signaled;
}
`,
    },
    {
      name: 'a wait that is dropped on purpose',
      code: `import type { DmaFence } from '@dma-fence/core';
export function start(fence: DmaFence): void {
  void fence.wait();
}
`,
    },
  ],
  invalid: [
    {
      name: 'a wait that is tested',
      code: `import type { DmaFence } from '@dma-fence/core';
export function ready(fence: DmaFence): boolean {
  if (fence.wait()) return true;
  return false;
}
`,
      errors: [
        {
          line: 3,
          message:
            'This tests the promise of a wait, which is always true, and not whether the fence has signaled: await it, or ask signaled or poll().',
        },
      ],
    },
    {
      name: 'a wait that is dropped',
      code: `import { waitAll, type DmaFence } from '@dma-fence/core';
export async function all(fences: readonly DmaFence[]): Promise<void> {
  waitAll(fences);
}
`,
      errors: [
        {
          line: 3,
          message:
            'The promise of this wait is dropped: nothing waits, and a failed fence becomes an unhandled rejection. Await it, or mark it with void after handling its error.',
          suggestions: [
            {
              desc: 'Add await.',
              output: `import { waitAll, type DmaFence } from '@dma-fence/core';
export async function all(fences: readonly DmaFence[]): Promise<void> {
  await waitAll(fences);
}
`,
            },
          ],
        },
      ],
    },
  ],
});
