import { ruleTester } from '../support/rule-tester.js';

ruleTester('balanced-signalling', {
  valid: [
    {
      name: 'a section that ends on every path',
      code: `import { beginSignalling, type DriverFence } from '@dma-fence/core';
export function complete(fence: DriverFence, isDone: boolean): void {
  const section = beginSignalling();
  try {
    if (!isDone) return;
    fence.signal();
  } finally {
    section.end();
  }
}
`,
    },
    {
      name: 'a second end of the same guard',
      code: `import { beginSignalling } from '@dma-fence/core';
export function twice(): void {
  const section = beginSignalling();
  section.end();
  section.end();
}
`,
    },
    {
      name: "a fence's own section, whose guard may be dropped",
      code: `import type { DriverFence } from '@dma-fence/core';
export async function run(fence: DriverFence, work: () => Promise<void>): Promise<void> {
  fence.beginSignalling();
  await work();
  fence.signal();
}
`,
    },
    {
      name: 'a guard that is handed on',
      code: `import { beginSignalling, type SignallingSection } from '@dma-fence/core';
export function begin(): SignallingSection {
  return beginSignalling();
}
`,
    },
  ],
  invalid: [
    {
      name: 'a path that leaves a section open',
      code: `import { beginSignalling, type DriverFence } from '@dma-fence/core';
export function complete(fence: DriverFence, isDone: boolean): void {
  const section = beginSignalling();
  if (!isDone) return;
  fence.signal();
  section.end();
}
`,
      errors: [
        {
          line: 3,
          message: 'The signalling section begun here is not ended on the path that leaves on line 4.',
          suggestions: [
            {
              desc: 'Declare it with using, so that every exit ends it.',
              output: `import { beginSignalling, type DriverFence } from '@dma-fence/core';
export function complete(fence: DriverFence, isDone: boolean): void {
  using section = beginSignalling();
  if (!isDone) return;
  fence.signal();
  section.end();
}
`,
            },
          ],
        },
      ],
    },
    {
      name: 'the outer section ended first',
      code: `import { beginSignalling } from '@dma-fence/core';
export function nest(): void {
  const outer = beginSignalling();
  const inner = beginSignalling();
  outer.end();
  inner.end();
}
`,
      errors: [
        {
          line: 5,
          message: 'The section of line 3 is ended before the one begun inside it on line 4.',
        },
      ],
    },
    {
      name: 'an await inside',
      code: `import { beginSignalling } from '@dma-fence/core';
export async function wait(work: () => Promise<void>): Promise<void> {
  using section = beginSignalling();
  await work();
}
`,
      errors: [
        {
          line: 4,
          message:
            'A free signalling section (line 3) must not be open across an await: use fence.signalAfter for asynchronous work.',
        },
      ],
    },
    {
      name: 'a yield inside',
      code: `import { beginSignalling } from '@dma-fence/core';
export function* steps(): Generator<number> {
  using section = beginSignalling();
  yield 1;
}
`,
      errors: [
        {
          line: 4,
          message: 'A free signalling section (line 3) must not be open across a yield.',
        },
      ],
    },
    {
      name: 'no using where it is demanded',
      options: [{ requireUsing: true }],
      code: `import { beginSignalling } from '@dma-fence/core';
export function plain(): void {
  const section = beginSignalling();
  section.end();
}
`,
      errors: [
        {
          line: 3,
          message: 'Declare a signalling section with using.',
          suggestions: [
            {
              desc: 'Declare it with using, so that every exit ends it.',
              output: `import { beginSignalling } from '@dma-fence/core';
export function plain(): void {
  using section = beginSignalling();
  section.end();
}
`,
            },
          ],
        },
      ],
    },
  ],
});
