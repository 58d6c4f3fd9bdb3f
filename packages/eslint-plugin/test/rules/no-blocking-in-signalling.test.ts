import { ruleTester } from '../support/rule-tester.js';

ruleTester('no-blocking-in-signalling', {
  valid: [
    {
      name: 'a lock that is only tried',
      code: `import { beginSignalling, type DmaReservation, type DriverFence } from '@dma-fence/core';
export function complete(fence: DriverFence, reservation: DmaReservation): void {
  using section = beginSignalling();
  using lock = reservation.tryLock();
  fence.signal();
}
`,
    },
    {
      name: 'the work of signalAfter',
      code: `import type { DriverFence } from '@dma-fence/core';
export function run(fence: DriverFence, work: () => Promise<void>): Promise<void> {
  return fence.signalAfter(async () => {
    await work();
  });
}
`,
    },
    {
      name: 'a wait for another fence',
      code: `import type { DmaFence, DriverFence } from '@dma-fence/core';
export function chain(fence: DriverFence, before: DmaFence): Promise<void> {
  return fence.signalAfter(async () => {
    await before.wait();
  });
}
`,
    },
  ],
  invalid: [
    {
      name: 'a lock',
      code: `import { beginSignalling, type DmaReservation, type DriverFence } from '@dma-fence/core';
export function complete(fence: DriverFence, reservation: DmaReservation): void {
  using section = beginSignalling();
  void reservation.lock();
  fence.signal();
}
`,
      errors: [
        {
          line: 4,
          message:
            "'reservation.lock' can block inside the signalling section begun on line 3: whoever holds what it waits for may be waiting for this fence.",
        },
      ],
    },
    {
      name: 'an await in a free section',
      code: `import { beginSignalling } from '@dma-fence/core';
export async function pause(work: () => Promise<void>): Promise<void> {
  using section = beginSignalling();
  await work();
}
`,
      errors: [
        {
          line: 4,
          message:
            'The signalling section begun on line 3 waits here: fences that depend on it cannot signal meanwhile.',
        },
      ],
    },
    {
      name: "a wait for the section's own fence",
      code: `import type { DriverFence } from '@dma-fence/core';
export function run(fence: DriverFence): Promise<void> {
  return fence.signalAfter(() => fence.wait());
}
`,
      errors: [
        {
          line: 3,
          message:
            "'fence.wait' waits for the very fence that the section begun on line 3 is to signal: this never ends.",
        },
      ],
    },
    {
      name: 'a wait for another fence, where none is wanted',
      options: [{ fenceWaits: 'always' }],
      code: `import type { DmaFence, DriverFence } from '@dma-fence/core';
export function chain(fence: DriverFence, before: DmaFence): Promise<void> {
  return fence.signalAfter(async () => {
    await before.wait();
  });
}
`,
      errors: [
        {
          line: 4,
          message: "'before.wait' waits for another fence inside the section begun on line 3.",
        },
      ],
    },
    {
      name: 'a call that says it blocks',
      code: `import { beginSignalling } from '@dma-fence/core';
/** @blocks */
declare function flush(): void;
export function finish(): void {
  using section = beginSignalling();
  flush();
}
`,
      errors: [
        {
          line: 6,
          message:
            "'flush' can block inside the signalling section begun on line 5: whoever holds what it waits for may be waiting for this fence.",
        },
      ],
    },
  ],
});
