import { ruleTester } from '../support/rule-tester.js';

ruleTester('no-signal-outside-section', {
  valid: [
    {
      name: 'the signal inside',
      code: `import { beginSignalling, type DriverFence } from '@dma-fence/core';
export function complete(fence: DriverFence): void {
  const section = beginSignalling();
  fence.signal();
  section.end();
}
`,
    },
  ],
  invalid: [
    {
      name: 'the signal after the end',
      code: `import { beginSignalling, type DriverFence } from '@dma-fence/core';
export function complete(fence: DriverFence, log: () => void): void {
  const section = beginSignalling();
  log();
  section.end();
  fence.signal();
}
`,
      errors: [
        {
          line: 6,
          message:
            "'fence' is signaled here, after the signalling section ended on line 5: end the section after the signal.",
        },
      ],
    },
  ],
});
