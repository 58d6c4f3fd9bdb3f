import { ruleTester } from '../support/rule-tester.js';

ruleTester('require-get-on-store', {
  valid: [
    {
      name: 'a reference for the list',
      code: `import type { DmaFence } from '@dma-fence/core';
const list: DmaFence[] = [];
export function keep(fence: DmaFence): void {
  list.push(fence.get());
}
`,
    },
    {
      name: 'a property that does not own',
      code: `import type { DmaFence, Borrowed } from '@dma-fence/core';
export function look(fence: DmaFence, view: { current?: Borrowed }): void {
  view.current = fence;
}
`,
    },
    {
      name: 'a literal whose property does not own',
      code: `import type { DmaFence, Borrowed } from '@dma-fence/core';
interface View {
  readonly current: Borrowed;
}
const views: View[] = [];
export function look(fence: DmaFence): void {
  views.push({ current: fence });
}
`,
    },
  ],
  invalid: [
    {
      name: 'a list',
      code: `import type { DmaFence } from '@dma-fence/core';
const list: DmaFence[] = [];
export function keep(fence: DmaFence): void {
  list.push(fence);
}
`,
      errors: [
        {
          line: 4,
          message:
            "'fence: DmaFence' is only lent (line 3), and is stored here without a reference: store get().",
          suggestions: [
            {
              desc: 'Hand on a reference of its own with get().',
              output: `import type { DmaFence } from '@dma-fence/core';
const list: DmaFence[] = [];
export function keep(fence: DmaFence): void {
  list.push(fence.get());
}
`,
            },
          ],
        },
      ],
    },
    {
      name: 'a literal in a list',
      code: `import type { DmaFence } from '@dma-fence/core';
const jobs: { readonly fence: DmaFence; readonly size: number }[] = [];
export function keep(fence: DmaFence, size: number): void {
  jobs.push({ fence, size });
}
`,
      errors: [
        {
          line: 4,
          message:
            "'fence: DmaFence' is only lent (line 3), and is stored here without a reference: store get().",
        },
      ],
    },
    {
      name: 'a parameter that takes over',
      code: `import type { DmaFence, Owned } from '@dma-fence/core';
declare function enqueue(fence: Owned): void;
export function submit(fence: DmaFence): void {
  enqueue(fence);
}
`,
      errors: [
        {
          line: 4,
          message:
            "'fence: DmaFence' is only lent (line 3), and the function called here takes a reference over: pass get().",
          suggestions: [
            {
              desc: 'Hand on a reference of its own with get().',
              output: `import type { DmaFence, Owned } from '@dma-fence/core';
declare function enqueue(fence: Owned): void;
export function submit(fence: DmaFence): void {
  enqueue(fence.get());
}
`,
            },
          ],
        },
      ],
    },
    {
      name: 'a closure that runs later',
      code: `import type { DmaFence } from '@dma-fence/core';
export function later(fence: DmaFence): void {
  setTimeout(() => {
    console.log(fence.poll());
  }, 10);
}
`,
      errors: [
        {
          line: 4,
          message:
            "'fence: DmaFence' is only lent (line 2), and this closure outlives the call: take a reference with get() for it, and put it there.",
        },
      ],
    },
  ],
});
