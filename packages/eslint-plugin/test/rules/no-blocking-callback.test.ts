import { ruleTester } from '../support/rule-tester.js';

ruleTester('no-blocking-callback', {
  valid: [
    {
      name: 'a callback that has a task started',
      code: `import type { DmaFence } from '@dma-fence/core';
export function retire(fence: DmaFence, next: DmaFence, queue: (task: () => Promise<void>) => void): boolean {
  return fence.addCallback(() => queue(() => next.wait()));
}
`,
    },
    {
      name: 'a lock that is only tried',
      code: `import type { DmaFence, DmaReservation } from '@dma-fence/core';
export function peek(fence: DmaFence, reservation: DmaReservation): boolean {
  return fence.addCallback(() => {
    using lock = reservation.tryLock();
  });
}
`,
    },
  ],
  invalid: [
    {
      name: 'an async callback',
      code: `import type { DmaFence } from '@dma-fence/core';
export function retire(fence: DmaFence, log: () => Promise<void>): boolean {
  return fence.addCallback(async () => {
    await log();
  });
}
`,
      errors: [
        {
          line: 3,
          message:
            'A fence callback runs inside signal() and is not awaited: an async function loses its errors and runs its rest at another time. Schedule a task instead.',
        },
      ],
    },
    {
      name: 'a callback that waits',
      code: `import { FenceCallback, type DmaFence } from '@dma-fence/core';
export function follow(next: DmaFence): FenceCallback {
  return new FenceCallback(() => {
    void next.wait();
  });
}
`,
      errors: [
        {
          line: 4,
          message:
            "'next.wait' waits inside a fence callback, that is inside somebody's signal(): schedule a task instead.",
        },
      ],
    },
    {
      name: 'an op that calls what locks',
      code: `import { DmaFenceContext, type DmaReservation } from '@dma-fence/core';
export function make(reservation: DmaReservation): DmaFenceContext {
  function lockIt(): void {
    void reservation.lock();
  }
  return new DmaFenceContext({
    driverName: 'gpu',
    timelineName: 'render',
    ops: {
      release() {
        lockIt();
      },
    },
  });
}
`,
      errors: [
        {
          line: 11,
          message: "'lockIt' waits or locks, and is called inside a fence callback: schedule a task instead.",
        },
      ],
    },
  ],
});
