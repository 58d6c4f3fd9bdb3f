import { ruleTester } from '../support/rule-tester.js';

ruleTester('no-floating-fence', {
  valid: [
    {
      name: 'a bare get that is paired',
      code: `import type { DmaFence } from '@dma-fence/core';
export function keep(fence: DmaFence, list: DmaFence[]): void {
  fence.get();
  list.push(fence);
}
`,
    },
    {
      name: 'a temporary with a name',
      code: `import type { DmaFence, SyncObject } from '@dma-fence/core';
export function fill(fence: DmaFence, slot: SyncObject): void {
  using ref = fence.get();
  slot.replace(ref);
}
`,
    },
  ],
  invalid: [
    {
      name: 'a fence that nobody names',
      code: `import type { DmaFenceContext } from '@dma-fence/core';
export function start(context: DmaFenceContext): void {
  context.createFence();
}
`,
      errors: [
        {
          line: 3,
          message: 'The reference taken here has no name, so nobody can ever put it.',
        },
      ],
    },
    {
      name: 'a temporary in a borrowing argument',
      code: `import type { DmaFence, SyncObject } from '@dma-fence/core';
export function fill(fence: DmaFence, slot: SyncObject): void {
  slot.replace(fence.get());
}
`,
      errors: [
        {
          line: 3,
          message:
            'The reference taken here is only lent to the call: give it a name (with using) so that it can be put afterwards.',
        },
      ],
    },
    {
      name: 'a section that nobody can end',
      code: `import { beginSignalling } from '@dma-fence/core';
export function begin(): void {
  beginSignalling();
}
`,
      errors: [
        {
          line: 3,
          message:
            'The section taken here is dropped at once, so nobody can end it: give it a name (with using).',
        },
      ],
    },
    {
      name: 'a lock that is not given back',
      code: `import type { DmaReservation } from '@dma-fence/core';
export async function look(reservation: DmaReservation, isIdle: boolean): Promise<void> {
  const lock = await reservation.lock();
  if (isIdle) return;
  lock.unlock();
}
`,
      errors: [
        {
          line: 3,
          message: 'The lock taken here is lost on line 4 without being given back: declare it with using.',
        },
      ],
    },
    {
      name: 'a bare get that nothing pairs',
      code: `import type { DmaFence } from '@dma-fence/core';
export function keep(fence: DmaFence): void {
  fence.get();
}
`,
      errors: [
        {
          line: 3,
          message: 'This get() takes a reference that no path puts, stores or returns.',
        },
      ],
    },
    {
      name: 'a bare get, where none is wanted',
      options: [{ allowPairedStatementGet: false }],
      code: `import type { DmaFence } from '@dma-fence/core';
export function keep(fence: DmaFence, list: DmaFence[]): void {
  fence.get();
  list.push(fence);
}
`,
      errors: [
        {
          line: 3,
          message: 'The reference taken here has no name, so nobody can ever put it.',
        },
      ],
    },
  ],
});
