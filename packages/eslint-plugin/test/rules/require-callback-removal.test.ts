import { ruleTester } from '../support/rule-tester.js';

ruleTester('require-callback-removal', {
  valid: [
    {
      name: 'a record that is taken off',
      code: `import { FenceCallback, type DmaFence } from '@dma-fence/core';
export class Watcher {
  readonly #record = new FenceCallback(() => undefined);
  #fence: DmaFence | undefined;
  watch(fence: DmaFence): boolean {
    this.#fence = fence.get();
    return fence.addCallback(this.#record);
  }
  [Symbol.dispose](): void {
    this.#fence?.removeCallback(this.#record);
    this.#fence?.put();
  }
}
`,
    },
  ],
  invalid: [
    {
      name: 'a record that stays',
      code: `import { FenceCallback, type DmaFence } from '@dma-fence/core';
export class Watcher {
  readonly #record = new FenceCallback(() => undefined);
  watch(fence: DmaFence): boolean {
    return fence.addCallback(this.#record);
  }
  [Symbol.dispose](): void {
    console.log('gone');
  }
}
`,
      errors: [
        {
          line: 5,
          message:
            "'#record' is added to a fence here, but [Symbol.dispose] (line 7) does not take it off: a fence that signals later calls into a disposed object.",
        },
      ],
    },
    {
      name: 'an end of another name',
      options: [{ disposeMethods: ['leave'] }],
      code: `import { FenceCallback, type DmaFence } from '@dma-fence/core';
export class Watcher {
  readonly #record = new FenceCallback(() => undefined);
  watch(fence: DmaFence): boolean {
    return fence.addCallback(this.#record);
  }
  leave(): void {
    console.log('gone');
  }
}
`,
      errors: [
        {
          line: 5,
          message:
            "'#record' is added to a fence here, but leave (line 7) does not take it off: a fence that signals later calls into a disposed object.",
        },
      ],
    },
  ],
});
