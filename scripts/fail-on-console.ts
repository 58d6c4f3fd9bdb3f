import { afterAll, afterEach } from 'vitest';

// Noise hides news. A test that expects output takes it with a spy; all other output is a failure.
const methods = ['debug', 'dir', 'error', 'info', 'log', 'table', 'trace', 'warn'] as const;
const printed: string[] = [];

for (const method of methods) {
  console[method] = (...args: unknown[]) => {
    printed.push(`console.${method}: ${args.map(String).join(' ')}`);
  };
}

function expectSilence(): void {
  const output = printed.splice(0).join('\n');
  if (output !== '') throw new Error(`A test must not print. Take expected output with a spy.\n${output}`);
}

afterEach(expectSilence);
afterAll(expectSilence);
