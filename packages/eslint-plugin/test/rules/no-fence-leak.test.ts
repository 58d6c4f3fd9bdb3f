import { ruleTester } from '../support/rule-tester.js';

ruleTester('no-fence-leak', {
  valid: [
    {
      name: 'put on every path',
      code: `import type { DmaFence } from '@dma-fence/core';
export async function wait(fence: DmaFence): Promise<void> {
  const ref = fence.get();
  try {
    await ref.wait();
  } finally {
    ref.put();
  }
}
`,
    },
    {
      name: 'returned, stored or scoped',
      code: `import type { DmaFenceContext, DmaFence } from '@dma-fence/core';
export function start(context: DmaFenceContext, slot: { last?: DmaFence }): DmaFence {
  using first = context.createFence();
  first.signal();
  slot.last = first.get();
  return first.get();
}
`,
    },
    {
      name: 'a condition that decides twice',
      code: `import type { DmaFence } from '@dma-fence/core';
export function maybe(fence: DmaFence, keep: boolean): void {
  const ref = keep ? fence.get() : undefined;
  fence.poll();
  if (keep) ref?.put();
}
`,
    },
    {
      name: 'handed to a parameter that takes over',
      code: `import type { DmaFence, Owned } from '@dma-fence/core';
declare function enqueue(fence: Owned): void;
export function submit(fence: DmaFence): void {
  const ref = fence.get();
  enqueue(ref);
}
`,
    },
    {
      name: 'a call outside a catch, which is taken not to throw',
      code: `import type { DmaFence } from '@dma-fence/core';
export function call(fence: DmaFence, work: () => void): void {
  const ref = fence.get();
  work();
  ref.put();
}
`,
    },
  ],
  invalid: [
    {
      name: 'an early return',
      code: `import type { DmaFence } from '@dma-fence/core';
export function early(fence: DmaFence, isDone: boolean): void {
  const ref = fence.get();
  if (isDone) return;
  ref.put();
}
`,
      errors: [
        {
          line: 3,
          message: "'ref', taken on line 3, is lost on line 4: this path neither puts it nor hands it on.",
          suggestions: [
            {
              desc: 'Declare it with using, so that every exit puts it.',
              output: `import type { DmaFence } from '@dma-fence/core';
export function early(fence: DmaFence, isDone: boolean): void {
  using ref = fence.get();
  if (isDone) return;
  ref.put();
}
`,
            },
            {
              desc: 'Put it before this exit.',
              output: `import type { DmaFence } from '@dma-fence/core';
export function early(fence: DmaFence, isDone: boolean): void {
  const ref = fence.get();
  if (isDone) { ref.put(); return; }
  ref.put();
}
`,
            },
          ],
        },
      ],
    },
    {
      name: 'the end of its block',
      code: `import type { DmaFence } from '@dma-fence/core';
export function name(fence: DmaFence): void {
  const ref = fence.get();
  ref.poll();
}
`,
      errors: [
        {
          line: 3,
          message: "'ref', taken on line 3, is lost on line 5, where its block ends without a put().",
          suggestions: [
            {
              desc: 'Declare it with using, so that every exit puts it.',
              output: `import type { DmaFence } from '@dma-fence/core';
export function name(fence: DmaFence): void {
  using ref = fence.get();
  ref.poll();
}
`,
            },
          ],
        },
      ],
    },
    {
      name: 'a throw',
      code: `import type { DmaFence } from '@dma-fence/core';
export function check(fence: DmaFence, size: number): void {
  const ref = fence.get();
  if (size < 0) throw new RangeError('size');
  ref.put();
}
`,
      errors: [
        {
          line: 3,
          message: "'ref', taken on line 3, is lost by the throw on line 4.",
          suggestions: [
            {
              desc: 'Declare it with using, so that every exit puts it.',
              output: `import type { DmaFence } from '@dma-fence/core';
export function check(fence: DmaFence, size: number): void {
  using ref = fence.get();
  if (size < 0) throw new RangeError('size');
  ref.put();
}
`,
            },
            {
              desc: 'Put it before this exit.',
              output: `import type { DmaFence } from '@dma-fence/core';
export function check(fence: DmaFence, size: number): void {
  const ref = fence.get();
  if (size < 0) { ref.put(); throw new RangeError('size'); }
  ref.put();
}
`,
            },
          ],
        },
      ],
    },
    {
      name: 'a call that throws into a catch',
      code: `import type { DmaFence } from '@dma-fence/core';
export function attempt(fence: DmaFence, work: () => void): void {
  const ref = fence.get();
  try {
    work();
    ref.put();
  } catch {
    console.error('failed');
  }
}
`,
      errors: [
        {
          line: 3,
          message: "'ref', taken on line 3, is lost on line 10, where its block ends without a put().",
          suggestions: [
            {
              desc: 'Declare it with using, so that every exit puts it.',
              output: `import type { DmaFence } from '@dma-fence/core';
export function attempt(fence: DmaFence, work: () => void): void {
  using ref = fence.get();
  try {
    work();
    ref.put();
  } catch {
    console.error('failed');
  }
}
`,
            },
          ],
        },
      ],
    },
    {
      name: 'an overwrite',
      code: `import type { DmaFence } from '@dma-fence/core';
export function replace(first: DmaFence, second: DmaFence): void {
  let ref = first.get();
  ref = second.get();
  ref.put();
}
`,
      errors: [
        {
          line: 3,
          message: "'ref', taken on line 3, is overwritten on line 4 while it still has to be put.",
        },
      ],
    },
    {
      name: 'a consumer who stops',
      code: `import type { DmaFence } from '@dma-fence/core';
export function* ticks(fence: DmaFence): Generator<number> {
  const ref = fence.get();
  yield 1;
  ref.put();
}
`,
      errors: [
        {
          line: 3,
          message:
            "'ref', taken on line 3, is lost if the consumer stops at the yield on line 4: put it in a finally or declare it with using.",
          suggestions: [
            {
              desc: 'Declare it with using, so that every exit puts it.',
              output: `import type { DmaFence } from '@dma-fence/core';
export function* ticks(fence: DmaFence): Generator<number> {
  using ref = fence.get();
  yield 1;
  ref.put();
}
`,
            },
          ],
        },
      ],
    },
    {
      name: 'a parameter that was handed over',
      code: `import type { DmaFence, Owned } from '@dma-fence/core';
export function take(fence: Owned, isFull: boolean, list: DmaFence[]): void {
  if (isFull) return;
  list.push(fence);
}
`,
      errors: [
        {
          line: 2,
          message: "'fence' is handed over to this function on line 2, but lost on line 3 without a put().",
        },
      ],
    },
    {
      name: 'an await that may reject, where that counts',
      options: [{ throwPaths: 'await' }],
      code: `import type { DmaFence } from '@dma-fence/core';
export async function wait(fence: DmaFence): Promise<void> {
  const ref = fence.get();
  await ref.wait();
  ref.put();
}
`,
      errors: [
        {
          line: 3,
          message: "'ref', taken on line 3, is lost when the call on line 4 throws into the catch.",
          suggestions: [
            {
              desc: 'Declare it with using, so that every exit puts it.',
              output: `import type { DmaFence } from '@dma-fence/core';
export async function wait(fence: DmaFence): Promise<void> {
  using ref = fence.get();
  await ref.wait();
  ref.put();
}
`,
            },
          ],
        },
      ],
    },
    {
      name: 'a call that may throw, where that counts',
      options: [{ throwPaths: 'all' }],
      code: `import type { DmaFence } from '@dma-fence/core';
export function call(fence: DmaFence, work: () => void): void {
  const ref = fence.get();
  work();
  ref.put();
}
`,
      errors: [
        {
          line: 3,
          message: "'ref', taken on line 3, is lost when the call on line 4 throws into the catch.",
          suggestions: [
            {
              desc: 'Declare it with using, so that every exit puts it.',
              output: `import type { DmaFence } from '@dma-fence/core';
export function call(fence: DmaFence, work: () => void): void {
  using ref = fence.get();
  work();
  ref.put();
}
`,
            },
          ],
        },
      ],
    },
  ],
});
