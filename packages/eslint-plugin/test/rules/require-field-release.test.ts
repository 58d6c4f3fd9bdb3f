import { ruleTester } from '../support/rule-tester.js';

ruleTester('require-field-release', {
  valid: [
    {
      name: 'a field that is put and emptied',
      code: `import type { DmaFence } from '@dma-fence/core';
export class Slot {
  #last: DmaFence | undefined;
  set(fence: DmaFence): void {
    this.#last?.put();
    this.#last = fence.get();
  }
  [Symbol.dispose](): void {
    this.#last?.put();
  }
}
`,
    },
  ],
  invalid: [
    {
      name: 'a field that is written over',
      code: `import type { DmaFence } from '@dma-fence/core';
export class Slot {
  #last: DmaFence | undefined;
  set(fence: DmaFence): void {
    this.#last = fence.get();
  }
  [Symbol.dispose](): void {
    this.#last?.put();
  }
}
`,
      errors: [
        {
          line: 5,
          message: "'#last' may still hold a reference when it is written here: put the old fence first.",
        },
      ],
    },
    {
      name: 'a field that the end forgets',
      code: `import type { DmaFence } from '@dma-fence/core';
export class Slot {
  readonly #last: DmaFence;
  constructor(fence: DmaFence) {
    this.#last = fence.get();
  }
  poll(): boolean {
    return this.#last.poll();
  }
  [Symbol.dispose](): void {
    console.log('gone');
  }
}
`,
      errors: [
        {
          line: 5,
          message: "'#last' owns the reference stored here, but [Symbol.dispose] (line 10) never puts it.",
        },
      ],
    },
    {
      name: 'a constructor that throws',
      code: `import type { DmaFence } from '@dma-fence/core';
export class Slot {
  readonly #last: DmaFence;
  constructor(fence: DmaFence, size: number) {
    this.#last = fence.get();
    if (size < 0) throw new RangeError('size');
  }
  [Symbol.dispose](): void {
    this.#last.put();
  }
}
`,
      errors: [
        {
          line: 5,
          message:
            "'#last' has taken a reference here, and the constructor throws on a later path without putting it: nobody gets an object that could.",
        },
      ],
    },
  ],
});
