import { signaledFence } from '@dma-fence/core';
import { expect, test } from 'vitest';
import { context, thrown } from '../support.js';

test('the stub is one signaled fence, context 0, seqno 0, with a new reference each time', () => {
  const first = signaledFence();
  const before = first.refCount;
  const second = signaledFence();
  expect(second).toBe(first);
  expect(second.refCount).toBe(before + 1);
  expect(first).toMatchObject({ name: 'stub:unbound:0:0', status: 'signaled', seqno: 0 });
  expect(first.context).toMatchObject({ id: 0, pending: 0 });
  expect(first.addCallback(() => undefined)).toBe(false);
  first.put();
  second.put();
});

test('it uses up no context id', () => {
  const { id } = context();
  signaledFence().put();
  expect(context().id).toBe(id + 1);
});

test('callers that put it as often as they got it never release it', () => {
  for (let i = 0; i < 100; i++) signaledFence().put();
  expect(signaledFence().get().status).toBe('signaled');
});

test('its context makes no other fences', () => {
  const stub = signaledFence();
  expect(thrown(() => stub.context.createFence())).toMatchObject({
    code: 'EINVAL',
    message: 'createFence() has no place on the stub context; make a context of your own',
  });
  stub.put();
});

test('put more often than it was got, it is there again for the next who asks', () => {
  const stub = signaledFence();
  const { context: own } = stub;
  while (stub.refCount > 0) stub.put();
  expect(thrown(() => stub.get()).code).toBe('EINVAL');
  const next = signaledFence();
  expect(next).toMatchObject({ name: 'stub:unbound:0:0', status: 'signaled' });
  expect(next.context).toBe(own);
  expect(signaledFence()).toBe(next);
  next.put();
  next.put();
});
