import { ruleTester } from '../support/rule-tester.js';

ruleTester('no-use-after-signal', {
  valid: [
    {
      name: 'a reference of its own',
      code: `import type { DriverFence } from '@dma-fence/core';
export function complete(job: { readonly done: DriverFence }): boolean {
  using done = job.done.get();
  done.signal();
  return done.poll();
}
`,
    },
    {
      name: 'a parameter',
      code: `import type { DriverFence } from '@dma-fence/core';
export function complete(done: DriverFence): boolean {
  done.signal();
  return done.poll();
}
`,
    },
  ],
  invalid: [
    {
      name: 'a property read before',
      code: `import type { DriverFence } from '@dma-fence/core';
export function complete(job: { readonly done: DriverFence }): boolean {
  const done = job.done;
  done.signal();
  return done.poll();
}
`,
      errors: [
        {
          line: 5,
          message:
            "'job.done', read on line 3, is used after it was signaled on line 4: callbacks ran there and may have put the last reference. Take a reference with get() before signaling.",
        },
      ],
    },
  ],
});
