import { setCallbackErrorHandler, setWarningHandler } from '@dma-fence/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { context, ownContext, thrown, warnings } from './support.js';

/** A fence whose callback throws `error` when it signals. */
function thrower(error: unknown) {
  const fence = context().createFence();
  fence.addCallback(() => {
    throw error;
  });
  return fence;
}

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('setWarningHandler', () => {
  test('by default warnings go to console.warn', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const fence = ownContext().createFence();
    fence.put();
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]).toEqual([expect.stringContaining(fence.name)]);
  });

  test('the newest handler hears the warning and the fence', () => {
    const heard: unknown[][] = [];
    const restore = setWarningHandler((...args) => void heard.push(args));
    const fence = ownContext().createFence();
    fence.put();
    restore[Symbol.dispose]();
    expect(heard).toEqual([[fence.error?.message, fence]]);
  });

  test('disposing takes out that entry wherever it is; twice is harmless', () => {
    const heard: string[] = [];
    const outer = warnings();
    const a = setWarningHandler(() => void heard.push('a'));
    const b = setWarningHandler(() => void heard.push('b'));
    a[Symbol.dispose]();
    a[Symbol.dispose]();
    ownContext().createFence().put();
    expect(heard).toEqual(['b']);
    b[Symbol.dispose]();
    ownContext().createFence().put();
    expect(heard).toEqual(['b']);
    expect(outer).toHaveLength(1);
  });

  test('a handler that throws cannot stop the work', () => {
    const reported: unknown[] = [];
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
    const restore = setWarningHandler(() => {
      throw new Error('handler');
    });
    const fence = ownContext().createFence();
    fence.put();
    restore[Symbol.dispose]();
    expect(fence.status).toBe('failed');
    expect(reported).toEqual([new Error('handler')]);
  });
});

describe('setCallbackErrorHandler', () => {
  test('by default errors go to reportError where there is one', () => {
    const reported: unknown[] = [];
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
    const error = new Error('boom');
    thrower(error).signal();
    expect(reported).toEqual([error]);
  });

  test('a reportError that throws reaches no producer, however often, and is heard of later', () => {
    const wrong = new Error('no report');
    vi.stubGlobal('reportError', () => {
      throw wrong;
    });
    const tasks: (() => void)[] = [];
    vi.stubGlobal('queueMicrotask', (task: () => void) => tasks.push(task));
    // More than signals may be nested in each other: none of these may count as nested for ever.
    for (let turn = 0; turn < 100; turn++) thrower(new Error('boom')).signal();
    const log: string[] = [];
    const fence = context().createFence();
    fence.addCallback(() => void log.push('called'));
    fence.signal();
    log.push('signaled');
    expect(log).toEqual(['called', 'signaled']);
    expect(tasks).toHaveLength(100);
    expect(tasks[0]).toThrow(wrong);
  });

  test('without reportError they become an uncaught exception once the current work is done', () => {
    vi.stubGlobal('reportError', undefined);
    const tasks: (() => void)[] = [];
    vi.stubGlobal('queueMicrotask', (task: () => void) => tasks.push(task));
    const error = new Error('boom');
    thrower(error).signal();
    expect(tasks).toHaveLength(1);
    expect(tasks[0]).toThrow(error);
  });

  test('the newest handler hears the error and the fence; disposing brings back the one before', () => {
    const heard: unknown[] = [];
    using _outer = setCallbackErrorHandler((error) => void heard.push(['outer', error]));
    const inner = setCallbackErrorHandler((error, fence) => void heard.push([fence.seqno, error]));
    thrower('first').signal();
    inner[Symbol.dispose]();
    thrower('second').signal();
    expect(heard).toEqual([
      [1, 'first'],
      ['outer', 'second'],
    ]);
  });

  test('a handler that throws cannot stop the producer either', () => {
    const reported: unknown[] = [];
    vi.stubGlobal('reportError', (error: unknown) => reported.push(error));
    using _handler = setCallbackErrorHandler(() => {
      throw new Error('handler');
    });
    expect(thrower('boom').signal()).toBe(true);
    expect(reported).toEqual([new Error('handler')]);
  });
});

test.each([setWarningHandler, setCallbackErrorHandler])('$name refuses what is no function', (set) => {
  expect(thrown(() => set(undefined as unknown as () => void))).toMatchObject({
    code: 'EINVAL',
    message: `${set.name}(): handler must be a function, not undefined`,
  });
});
