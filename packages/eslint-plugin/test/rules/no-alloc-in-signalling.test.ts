import { ruleTester } from '../support/rule-tester.js';

ruleTester('no-alloc-in-signalling', {
  valid: [
    {
      name: 'an allocation before the section',
      code: `import { beginSignalling, type DmaFenceContext, type DriverFence } from '@dma-fence/core';
export function next(context: DmaFenceContext, done: DriverFence): DriverFence {
  const fence = context.createFence();
  using section = beginSignalling();
  done.signal();
  return fence;
}
`,
    },
  ],
  invalid: [
    {
      name: 'a fence made inside',
      code: `import { beginSignalling, type DmaFenceContext, type DriverFence } from '@dma-fence/core';
export function next(context: DmaFenceContext, done: DriverFence): DriverFence {
  using section = beginSignalling();
  done.signal();
  return context.createFence();
}
`,
      errors: [
        {
          line: 5,
          message:
            "'context.createFence' allocates inside the signalling section begun on line 3: do it before the section begins.",
        },
      ],
    },
    {
      name: 'a context made inside',
      code: `import { beginSignalling, DmaFenceContext } from '@dma-fence/core';
export function make(): DmaFenceContext {
  using section = beginSignalling();
  return new DmaFenceContext({ driverName: 'gpu', timelineName: 'render' });
}
`,
      errors: [
        {
          line: 4,
          message:
            "'new DmaFenceContext' allocates inside the signalling section begun on line 3: do it before the section begins.",
        },
      ],
    },
    {
      name: 'a call that says it allocates',
      code: `import { beginSignalling } from '@dma-fence/core';
/** @allocates */
declare function reserve(): void;
export function grow(): void {
  using section = beginSignalling();
  reserve();
}
`,
      errors: [
        {
          line: 6,
          message:
            "'reserve' allocates inside the signalling section begun on line 5: do it before the section begins.",
        },
      ],
    },
  ],
});
