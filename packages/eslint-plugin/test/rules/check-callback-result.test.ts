import { ruleTester } from '../support/rule-tester.js';

ruleTester('check-callback-result', {
  valid: [
    {
      name: 'an answer that is asked for',
      code: `import type { DmaFence } from '@dma-fence/core';
export function once(fence: DmaFence, run: () => void): void {
  if (!fence.addCallback(run)) run();
}
`,
    },
    {
      name: 'a record whose state is asked instead',
      code: `import { FenceCallback, type DmaFence } from '@dma-fence/core';
export function later(fence: DmaFence, run: () => void): void {
  const record = new FenceCallback(run);
  fence.addCallback(record);
  if (!record.pending) run();
}
`,
    },
    {
      name: 'a fence that was made here and cannot have signaled',
      code: `import type { DmaFenceContext } from '@dma-fence/core';
export function start(context: DmaFenceContext, run: () => void): void {
  using fence = context.createFence();
  fence.addCallback(run);
  fence.signal();
}
`,
    },
    {
      name: 'an answer that is said not to matter',
      code: `import type { DmaFence } from '@dma-fence/core';
export function hint(fence: DmaFence, run: () => void): void {
  void fence.addCallback(run);
}
`,
    },
  ],
  invalid: [
    {
      name: 'an answer that nobody looks at',
      code: `import type { DmaFence } from '@dma-fence/core';
export function lost(fence: DmaFence, run: () => void): void {
  fence.addCallback(run);
}
`,
      errors: [
        {
          line: 3,
          message:
            'addCallback answers false when the fence has signaled already: the callback then never runs, and nobody notices here.',
        },
      ],
    },
    {
      name: 'an answer taken for its opposite',
      code: `import type { DmaFence } from '@dma-fence/core';
export function inverted(fence: DmaFence, run: () => void): void {
  if (fence.addCallback(run)) run();
}
`,
      errors: [
        {
          line: 3,
          message:
            'addCallback answers true when the callback was added: calling it here runs it twice on this path and never on the other.',
        },
      ],
    },
    {
      name: 'void, where it says nothing',
      options: [{ ignoreVoid: false }],
      code: `import type { DmaFence } from '@dma-fence/core';
export function hint(fence: DmaFence, run: () => void): void {
  void fence.addCallback(run);
}
`,
      errors: [
        {
          line: 3,
          message:
            'addCallback answers false when the fence has signaled already: the callback then never runs, and nobody notices here.',
        },
      ],
    },
  ],
});
