import { fenceArray, FenceError, isDmaFence, isFenceArray, isFenceChain } from '@dma-fence/core';
import { expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { version } from '../../src/version.js';
import { context, rejection, thrown } from '../support.js';

/** What another copy of this package makes: other classes, the same brand. */
const BRAND = Symbol.for('@dma-fence/core fence');
const theirs = { [BRAND]: '9.8.7', signaled: false } as never;

test('the version is that of the package', () => {
  expect(version).toBe(manifest.version);
  const fence = context().createFence() as unknown as Record<symbol, unknown>;
  expect(fence[BRAND]).toBe(version);
});

test('a fence of another copy is refused, and both versions are named', async () => {
  const fence = context().createFence();
  const text = `a fence of another copy of @dma-fence/core, 9.8.7 beside ${version}; see npm ls @dma-fence/core`;
  expect(isDmaFence(theirs)).toBe(false);
  expect(thrown(() => fence.isLaterThan(theirs))).toMatchObject({
    code: 'EINVAL',
    message: expect.stringContaining(text) as string,
  });
  expect(thrown(() => fenceArray([theirs])).message).toContain(text);
  const { waitAll } = await import('@dma-fence/core');
  expect((await rejection(waitAll([theirs]))).message).toContain(text);
});

test('an error of another copy keeps its code', () => {
  const error = Object.assign(new Error('their device is gone'), {
    name: 'FenceError',
    code: 'ENODEV',
    errno: -19,
  });
  const fence = context().createFence();
  fence.fail(error);
  expect(fence.error).toBeInstanceOf(FenceError);
  expect(fence.error).toMatchObject({ code: 'ENODEV', cause: error });
  const odd = context().createFence();
  odd.fail(Object.assign(new Error('odd'), { name: 'FenceError', code: 'ENOPE' }));
  expect(odd.error?.code).toBe('EIO');
});

test('a revoked proxy is no fence, and no reason to crash', async () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  expect([isDmaFence(proxy), isFenceArray(proxy as never), isFenceChain(proxy as never)]).toEqual([
    false,
    false,
    false,
  ]);
  expect(thrown(() => fenceArray([proxy as never])).code).toBe('EINVAL');
  const fence = context().createFence();
  expect(thrown(() => fence.fail(proxy as never)).code).toBe('EINVAL');
  const work = fence.signalAfter(() => {
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- anything may be thrown
    throw proxy;
  });
  await work.catch(() => undefined);
  expect(fence.error?.code).toBe('EIO');
});
