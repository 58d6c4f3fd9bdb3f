import { addFenceTracer, type FenceTracer } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { callbackErrors, context, forTest, ownContext } from '../support.js';

/** Installs a tracer for the test. */
function trace(tracer: FenceTracer): void {
  forTest(addFenceTracer(tracer));
}

/** A fence's whole life: every hook that tracers have for it is called. */
async function life(): Promise<void> {
  const fence = ownContext({ ops: { enableSignaling: () => true } }).createFence();
  fence.emit();
  const wait = fence.wait();
  fence.signal();
  await wait;
  fence.put();
}

describe('a tracer that is alone', () => {
  test.each(['init', 'emit', 'enableSignal', 'signaled', 'waitStart', 'waitEnd', 'destroy'] as const)(
    'is reported and dropped when its %s throws: the next fence is not told',
    async (event) => {
      const errors = callbackErrors();
      let told = 0;
      trace({
        [event]: () => {
          told++;
          throw new Error(event);
        },
      });
      await life();
      await life();
      expect(told).toBe(1);
      expect(errors.map(({ error }) => (error as Error).message)).toEqual([event]);
    },
  );
});

describe('around a callback', () => {
  test('the second of two that throws first is dropped; the first has heard it once, and it runs once', () => {
    const errors = callbackErrors();
    const heard: string[] = [];
    trace({
      callback(_fence, run) {
        heard.push('first');
        run();
      },
    });
    trace({
      callback() {
        throw new Error('second');
      },
    });
    const fence = context().createFence();
    fence.addCallback(() => void heard.push('callback'));
    fence.signal();
    expect(heard).toEqual(['first', 'callback']);
    expect(errors.map(({ error }) => (error as Error).message)).toEqual(['second']);
  });

  test('one that turns the error of the callback into its own is dropped, and both are reported', () => {
    const errors = callbackErrors();
    let heard = 0;
    trace({
      callback(_fence, run) {
        heard++;
        try {
          run();
        } catch (cause) {
          throw new Error('wrapped', { cause });
        }
      },
    });
    const ring = context();
    for (const fence of [ring.createFence(), ring.createFence()]) {
      fence.addCallback(() => {
        throw new Error('callback');
      });
      fence.signal();
    }
    expect(errors.map(({ error }) => (error as Error).message).sort()).toEqual([
      'callback',
      'callback',
      'wrapped',
    ]);
    expect(heard).toBe(1);
  });

  test('one that wanted nothing when it was added hears nothing when it runs', () => {
    const heard: unknown[] = [];
    trace({
      callbackAdded: ({ seqno }) => (seqno === 2 ? 'token' : undefined),
      callback(fence, run, token) {
        heard.push(fence.seqno, token);
        run();
      },
    });
    let ran = 0;
    const ring = context();
    for (const fence of [ring.createFence(), ring.createFence()]) {
      fence.addCallback(() => ran++);
      fence.signal();
    }
    expect(heard).toEqual([2, 'token']);
    expect(ran).toBe(2);
  });
});

test('a hook that is no function is refused when it is added', () => {
  expect(() => addFenceTracer({ init: 5 } as never)).toThrow(
    'addFenceTracer(): init must be a function, not 5',
  );
});
