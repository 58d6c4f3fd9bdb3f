import { dumpOnSignal } from '@dma-fence/core/debug';
import { expect, test, vi } from 'vitest';
import { thrown } from '../support.js';

test('on a signal, while its handler is there', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  const handler = dumpOnSignal();
  process.emit('SIGUSR2', 'SIGUSR2');
  expect(warn).toHaveBeenCalledTimes(1);
  handler[Symbol.dispose]();
  expect(process.listenerCount('SIGUSR2')).toBe(0);
  warn.mockRestore();
  vi.stubGlobal('process', undefined);
  const error = thrown(() => dumpOnSignal());
  vi.unstubAllGlobals();
  expect(error.code).toBe('EOPNOTSUPP');
});

test('dumpOnSignal refuses what is no signal: Node would take any name, and never tell of it', () => {
  for (const signal of ['NOPE', 'exit', '', 5, null] as string[]) {
    expect(thrown(() => dumpOnSignal(signal)).code).toBe('EINVAL');
  }
});
