import { ruleTester } from '../support/rule-tester.js';

ruleTester('require-signal', {
  valid: [
    {
      name: 'signaled on every path',
      code: `import type { DmaFenceContext, SyncObject } from '@dma-fence/core';
export function submit(context: DmaFenceContext, out: SyncObject, isReady: boolean): void {
  using fence = context.createFence();
  out.replace(fence);
  if (!isReady) {
    fence.fail('EAGAIN');
    return;
  }
  fence.signal();
}
`,
    },
    {
      name: 'not published yet',
      code: `import type { DmaFenceContext, SyncObject } from '@dma-fence/core';
export function submit(context: DmaFenceContext, out: SyncObject, isReady: boolean): void {
  using fence = context.createFence();
  if (!isReady) return;
  out.replace(fence);
  fence.signal();
}
`,
    },
  ],
  invalid: [
    {
      name: 'a return that forgets',
      code: `import type { DmaFenceContext, SyncObject } from '@dma-fence/core';
export function submit(context: DmaFenceContext, out: SyncObject, isReady: boolean): void {
  using fence = context.createFence();
  out.replace(fence);
  if (!isReady) return;
  fence.signal();
}
`,
      errors: [
        {
          line: 3,
          message:
            "'fence' is published and signaled on line 6, but the path that leaves on line 5 never signals it: whoever waits for it waits for ever. Call fail() there.",
        },
      ],
    },
    {
      name: 'a throw',
      code: `import type { DmaFenceContext, SyncObject } from '@dma-fence/core';
export function submit(context: DmaFenceContext, out: SyncObject, isReady: boolean): void {
  using fence = context.createFence();
  out.replace(fence);
  if (!isReady) throw new Error('not ready');
  fence.signal();
}
`,
      errors: [
        {
          line: 3,
          message:
            "'fence' is published and signaled on line 6, but the throw on line 5 leaves it pending: whoever waits for it waits for ever. Call fail() first.",
        },
      ],
    },
  ],
});
