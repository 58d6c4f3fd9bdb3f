import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { context, rejection } from './support.js';

describe('an error of another realm', () => {
  const foreign = (source: string) => runInNewContext(source) as Error;

  test.each([
    ["new RangeError('far')", 'EIO'],
    ["Object.assign(new Error('far'), { name: 'AbortError' })", 'ECANCELED'],
    ["Object.assign(new Error('far'), { name: 'TimeoutError' })", 'ETIME'],
  ])('is an Error: %s becomes %s, with it as cause', (source, code) => {
    const error = foreign(source);
    expect(error).not.toBeInstanceOf(Error);
    const fence = context().createFence();
    expect(fence.fail(error)).toBe(true);
    expect(fence.error).toMatchObject({ code, message: `fence ${fence.name} failed: far` });
    expect(fence.error?.cause).toBe(error);
  });

  test('thrown by the work of signalAfter too', async () => {
    const error = foreign("Object.assign(new Error('left'), { name: 'AbortError' })");
    const fence = context().createFence();
    expect(await rejection(fence.signalAfter(() => Promise.reject(error)))).toBe(error);
    expect(fence.error).toMatchObject({ code: 'ECANCELED', cause: error });
  });
});
