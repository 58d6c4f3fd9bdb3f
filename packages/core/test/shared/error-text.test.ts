import { FenceError } from '@dma-fence/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { errorOf, textOf, toldError } from '../../src/shared/error-text.js';

const BYTES = 244;

const roundTrip = (error: unknown, bytes = BYTES): Error | undefined => {
  const text = textOf(error, bytes);
  return text === undefined ? undefined : errorOf(text);
};

describe('the text of an error', () => {
  test('holds name, message and code, and those of its causes', () => {
    const root = Object.assign(new Error('no such file'), { code: 'ENOENT' });
    const middle = new TypeError('cannot open ü.png', { cause: root });
    expect(roundTrip(new FenceError('ENODATA', 'frame 3', { cause: middle }))).toMatchObject({
      name: 'FenceError',
      code: 'ENODATA',
      message: 'frame 3',
      cause: {
        name: 'TypeError',
        message: 'cannot open ü.png',
        cause: { name: 'Error', message: 'no such file', code: 'ENOENT' },
      },
    });
  });

  test('a FenceError is one again, another error is an Error with that name', () => {
    const own = roundTrip(new FenceError('EPERM', 'no')) as FenceError;
    expect(own).toBeInstanceOf(FenceError);
    expect(own.errno).toBe(-1);
    const other = roundTrip(new RangeError('far')) as Error;
    expect(Object.keys(other)).toEqual([]);
    expect(String(other)).toBe('RangeError: far');
    const foreign = roundTrip({ name: 'FenceError', code: 'ENOPE', message: 'of a newer version' });
    expect(foreign).not.toBeInstanceOf(FenceError);
    expect(foreign).toMatchObject({ name: 'FenceError', code: 'ENOPE', message: 'of a newer version' });
  });

  test('fits in, whatever is said, and what is cut says so', () => {
    const long = 'ä€😀'.repeat(100);
    for (const bytes of [16, 17, 18, 19, 20, 64, BYTES, 4096]) {
      const text = textOf(new Error(long), bytes) as Int32Array;
      expect(text.byteLength).toBeLessThanOrEqual(Math.ceil(bytes / 4) * 4);
      const { message } = errorOf(text);
      if (bytes === 4096) expect(message).toBe(long);
      else expect(message.endsWith('…')).toBe(true);
      expect(long.startsWith(message.replace(/…$/, ''))).toBe(true);
    }
  });

  test('exactly as long as the room is not cut', () => {
    const message = 'x'.repeat(BYTES - 'Error\0\0'.length);
    expect(roundTrip(new Error(message))?.message).toBe(message);
    expect(roundTrip(new Error(`${message}y`))?.message).toBe(`${message.slice(3)}…`);
  });

  test('a cause that has no room is left out, the error itself is not', () => {
    const error = new Error('x'.repeat(BYTES - 20), { cause: new Error('why') });
    expect([roundTrip(error)?.message, roundTrip(error)?.cause]).toEqual([error.message, undefined]);
  });

  test('causes are followed four deep, also in a ring', () => {
    const ring = new Error('again');
    ring.cause = ring;
    let depth = 0;
    for (let error = roundTrip(ring); error !== undefined; error = error.cause as Error) {
      expect(error.message).toBe('again');
      depth++;
    }
    expect(depth).toBe(4);
  });

  test('what was made of what another thread said hands on that, not itself', () => {
    const cause = new Error('first');
    expect(roundTrip(toldError(new FenceError('EIO', 'here', { cause })))).toMatchObject({
      message: 'first',
    });
    expect(roundTrip(toldError(new FenceError('EIO', 'here')))).toBeUndefined();
  });

  test('a code has none, and nothing has where there is no room', () => {
    expect(textOf('EIO', BYTES)).toBeUndefined();
    expect(textOf(new Error('x'), 0)).toBeUndefined();
    expect(textOf(new Error('x'), 4)).toBeUndefined();
  });

  test('of whatever: something comes, and it fits', () => {
    const angry = new Proxy(new Error('x'), {
      get() {
        throw new Error('not yours');
      },
    });
    expect(roundTrip(angry)).toMatchObject({ name: 'Error', message: '' });
    fc.assert(
      fc.property(
        fc.anything({ withNullPrototype: true }),
        fc.anything({ withNullPrototype: true }),
        fc.anything(),
        fc.string({ unit: 'binary' }),
        fc.integer({ min: 1, max: 100 }),
        (name, code, cause, message, bytes) => {
          const text = textOf({ name, code, message, cause }, bytes);
          if (text === undefined) return;
          expect(text.byteLength).toBeLessThanOrEqual(Math.ceil(bytes / 4) * 4);
          expect(errorOf(text)).toBeInstanceOf(Error);
        },
      ),
    );
  });

  test('what is no text of ours is an error all the same', () => {
    fc.assert(
      fc.property(fc.int32Array({ minLength: 1, maxLength: 30 }), (words) => {
        expect(errorOf(words)).toBeInstanceOf(Error);
      }),
    );
  });
});
