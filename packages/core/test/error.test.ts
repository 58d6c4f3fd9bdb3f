import { FENCE_ERRNO, FenceError, type FenceErrorCode } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { context, thrown } from './support.js';

describe('FenceError', () => {
  test.each([
    ['EIO', -5],
    ['ECANCELED', -125],
    ['ETIME', -62],
    ['EDEADLK', -35],
    ['ENOENT', -2],
    ['EINVAL', -22],
    ['ENODATA', -61],
    ['EAGAIN', -11],
    ['EALREADY', -114],
    ['EPERM', -1],
  ] as const)('%s has the Linux number %i', (code, errno) => {
    expect(new FenceError(code)).toMatchObject({ name: 'FenceError', code, errno });
    expect(FENCE_ERRNO[code]).toBe(errno);
  });

  test.each(Object.keys(FENCE_ERRNO) as FenceErrorCode[])(
    '%s without a message says its code, and the code in words of its own',
    (code) => {
      const { message } = new FenceError(code);
      expect(message).toMatch(new RegExp(`^${code}: [a-z][a-z ]+[a-z]$`));
      const words = message.slice(code.length);
      for (const other of Object.keys(FENCE_ERRNO) as FenceErrorCode[])
        expect(new FenceError(other).message.endsWith(words)).toBe(other === code);
    },
  );

  test('every code of the table has a number of its own, below zero', () => {
    const numbers = Object.values(FENCE_ERRNO);
    expect(new Set(numbers).size).toBe(numbers.length);
    expect(Math.max(...numbers)).toBeLessThan(0);
  });

  test('carries message and cause', () => {
    const cause = new Error('why');
    const error = new FenceError('ENODATA', 'empty frame', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error.message).toBe('empty frame');
    expect(error.cause).toBe(cause);
    expect(String(error)).toBe('FenceError: empty frame');
  });

  test.each(['EWHAT', 'toString', '__proto__', 5, undefined, null])(
    'an unknown code (%j) throws EINVAL and says where the known ones are',
    (code) => {
      const error = thrown(() => new FenceError(code as FenceErrorCode));
      expect(error.code).toBe('EINVAL');
      expect(error.message).toContain('FenceError: code must be one of FENCE_ERRNO, not ');
    },
  );
});

describe('what fail() makes of its argument', () => {
  const failed = (error: FenceErrorCode | Error) => {
    const fence = context().createFence();
    fence.fail(error);
    return fence.error as FenceError;
  };

  test('a code becomes a FenceError that names the fence, the code, and says it in words', () => {
    const fence = context().createFence();
    fence.fail('EIO');
    expect(fence.error).toMatchObject({
      code: 'EIO',
      message: `fence ${fence.name} failed with EIO: the work failed`,
    });
  });

  test('a FenceError stays the object it is', () => {
    const error = new FenceError('ENODATA');
    expect(failed(error)).toBe(error);
  });

  test('another Error becomes EIO with it as the cause', () => {
    const error = new RangeError('too far');
    expect(failed(error)).toMatchObject({ code: 'EIO', cause: error });
    expect(failed(error).message).toMatch(/^fence gpu:ring0:\d+:1 failed: too far$/);
  });

  test('an AbortError becomes ECANCELED and a TimeoutError ETIME, both with their cause', () => {
    const abort = new DOMException('gone', 'AbortError');
    const timeout = new DOMException('late', 'TimeoutError');
    expect(failed(abort)).toMatchObject({ code: 'ECANCELED', cause: abort });
    expect(failed(timeout)).toMatchObject({ code: 'ETIME', cause: timeout });
  });

  test.each([
    ['EWHAT', '"EWHAT"'],
    ['x'.repeat(50), `"${'x'.repeat(40)}"`],
    [undefined, 'undefined'],
    [null, 'null'],
    [5, '5'],
    [true, 'true'],
    [5n, '5'],
    [Symbol('s'), 'Symbol(s)'],
    [() => 1, 'a function'],
    [[], 'an array'],
    [{}, 'an object'],
  ])('anything else (%o) throws EINVAL, says what it got, and leaves the fence pending', (value, shown) => {
    const fence = context().createFence();
    const error = thrown(() => fence.fail(value as unknown as Error));
    expect(error).toMatchObject({
      code: 'EINVAL',
      message: `fence ${fence.name}: its error must be a code of FENCE_ERRNO or an Error, not ${shown}`,
    });
    expect(fence.status).toBe('pending');
  });
});

test.each([{}, { name: 'Error' }, { message: 'no name' }, () => undefined, null])(
  'what has not the shape of an error is refused: %o',
  (value) => {
    const fence = context().createFence();
    expect(thrown(() => fence.fail(value as Error)).code).toBe('EINVAL');
    expect(fence.status).toBe('pending');
    fence.signal();
  },
);
