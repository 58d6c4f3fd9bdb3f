import {
  addFenceTracer,
  FenceCallback,
  fenceArray,
  signaledFence,
  waitAll,
  waitAny,
  type DmaFence,
  type FenceTracer,
} from '@dma-fence/core';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  callbackErrors,
  context,
  hangingOn,
  ownContext,
  rejection,
  settled,
  thrown,
  warnings,
} from '../support.js';

/** Installs a tracer for the test. */
function trace(tracer: FenceTracer): Disposable {
  const tracing = addFenceTracer(tracer);
  onTestFinished(() => {
    tracing[Symbol.dispose]();
  });
  return tracing;
}

/** A tracer that writes down what it is told. */
function recorder(log: string[], prefix = ''): FenceTracer {
  let waits = 0;
  return {
    init: (fence) => void log.push(`${prefix}init ${String(fence.seqno)}`),
    emit: (fence) => void log.push(`${prefix}emit ${String(fence.seqno)}`),
    enableSignal: (fence) => void log.push(`${prefix}enable ${String(fence.seqno)}`),
    signaled: (fence) => void log.push(`${prefix}signaled ${String(fence.seqno)} ${fence.status}`),
    destroy: (fence) => void log.push(`${prefix}destroy ${String(fence.seqno)}`),
    waitStart: (fence) => {
      log.push(`${prefix}wait ${String(fence.seqno)}`);
      return ++waits;
    },
    waitEnd: (fence, token, outcome) =>
      void log.push(`${prefix}end ${String(fence.seqno)} ${String(token)} ${outcome}`),
    callback: (fence, run) => {
      log.push(`${prefix}callback ${String(fence.seqno)}`);
      run();
    },
    warning: (message, fence) =>
      void log.push(`${prefix}warning ${fence === undefined ? message : String(fence.seqno)}`),
  };
}

describe('a tracer', () => {
  test('sees a life in the order of the contract', () => {
    const log: string[] = [];
    trace(recorder(log));
    const fence = ownContext({
      ops: { enableSignaling: () => true, release: () => void log.push('release') },
    }).createFence({
      [Symbol.dispose]: () => void log.push('data'),
    });
    fence.emit();
    fence.addCallback(() => void log.push('ran'));
    fence.signal();
    fence.put();
    expect(log).toEqual([
      'init 1',
      'emit 1',
      'enable 1',
      'signaled 1 signaled',
      'callback 1',
      'ran',
      'data',
      'release',
      'destroy 1',
    ]);
  });

  test('hears when the work was handed to the hardware, if the producer says so', () => {
    const times: unknown[] = [];
    trace({ emit: (_fence, timestamp) => void times.push(timestamp) });
    const fence = context().createFence();
    fence.emit();
    fence.emit(12.5);
    expect(thrown(() => fence.emit(NaN))).toMatchObject({ code: 'EINVAL' });
    expect(times).toEqual([undefined, 12.5]);
  });

  test('is told of the signal when the flag is set and nobody has been called', () => {
    const log: unknown[] = [];
    trace({
      signaled: (fence) =>
        void log.push(
          fence.signaled,
          fence.error?.code,
          fence.addCallback(() => undefined),
        ),
    });
    const fence = context().createFence();
    fence.addCallback(() => void log.push('callback'));
    fence.fail('EIO');
    expect(log).toEqual([true, 'EIO', false, 'callback']);
  });

  test('hears enableSignal only where the exporter has the op', () => {
    const log: string[] = [];
    trace(recorder(log));
    const fence = context().createFence();
    fence.enableSignaling();
    expect(log).toEqual(['init 1']);
  });

  test('hears warnings, the dropped fence failing included', () => {
    warnings();
    const log: string[] = [];
    trace(recorder(log));
    ownContext().createFence().put();
    expect(log).toEqual(['init 1', 'warning 1', 'signaled 1 failed', 'destroy 1']);
  });

  test('several are told in the order of their installation', () => {
    const log: string[] = [];
    trace(recorder(log, 'a '));
    trace(recorder(log, 'b '));
    const fence = context().createFence();
    fence.addCallback(() => void log.push('ran'));
    fence.signal();
    expect(log).toEqual([
      'a init 1',
      'b init 1',
      'a signaled 1 signaled',
      'b signaled 1 signaled',
      'a callback 1',
      'b callback 1',
      'ran',
    ]);
  });

  test('disposed of, wherever it stands, it hears no more; twice is harmless', () => {
    const log: string[] = [];
    const a = trace(recorder(log, 'a '));
    trace(recorder(log, 'b '));
    a[Symbol.dispose]();
    a[Symbol.dispose]();
    context().createFence();
    expect(log).toEqual(['b init 1']);
  });

  test('may come and go while tracers are being told', () => {
    const log: string[] = [];
    const first = trace({
      init: () => {
        log.push('first');
        first[Symbol.dispose]();
        trace(recorder(log, 'late '));
      },
    });
    trace(recorder(log, 'second '));
    context().createFence();
    expect(log).toEqual(['first', 'second init 1']);
    context().createFence();
    expect(log).toEqual(['first', 'second init 1', 'second init 1', 'late init 1']);
  });

  test.each(['init', 'emit', 'enableSignal', 'signaled', 'waitStart', 'destroy'] as const)(
    'one whose %s throws is reported with the fence and dropped; the others go on',
    async (event) => {
      const errors = callbackErrors();
      const log: string[] = [];
      const boom = new Error(event);
      trace({
        [event]: () => {
          throw boom;
        },
        warning: () => void log.push('never'),
      });
      trace(recorder(log));
      const fence = ownContext({ ops: { enableSignaling: () => true } }).createFence();
      fence.emit();
      const wait = fence.wait();
      expect(fence.signal()).toBe(true);
      await wait;
      fence.put();
      expect(errors).toEqual([{ error: boom, fence }]);
      expect(log).toEqual([
        'init 1',
        'emit 1',
        'enable 1',
        'wait 1',
        'signaled 1 signaled',
        'end 1 1 signaled',
        'destroy 1',
      ]);
    },
  );

  test('one that is disposed of while others are being told hears nothing of it', async () => {
    const log: string[] = [];
    const events = [
      'init',
      'emit',
      'enableSignal',
      'signaled',
      'destroy',
      'waitStart',
      'callback',
      'callbackAdded',
    ] as const;
    for (const event of events) {
      const first = trace({
        [event]: (_: DmaFence, run?: () => void) => {
          second[Symbol.dispose]();
          run?.();
        },
      });
      const second = trace({
        [event]: (_: DmaFence, run?: () => void) => {
          log.push(event);
          run?.();
        },
      });
      const fence = ownContext({ ops: { enableSignaling: () => true } }).createFence();
      fence.emit();
      fence.addCallback(() => undefined);
      const wait = fence.wait();
      fence.signal();
      await wait;
      fence.put();
      first[Symbol.dispose]();
    }
    expect(log).toEqual([]);
  });

  test('one that throws at a warning is dropped like any other', () => {
    const errors = callbackErrors();
    warnings();
    trace({
      warning() {
        throw new Error('warning');
      },
    });
    const fence = ownContext().createFence();
    fence.put();
    expect(errors).toEqual([{ error: new Error('warning'), fence }]);
  });

  test('one that throws is reported with the fence and dropped; the producer never feels it', () => {
    const errors = callbackErrors();
    const log: string[] = [];
    trace({
      init() {
        throw new Error('tracer');
      },
      signaled: () => void log.push('never'),
    });
    trace(recorder(log));
    const fence = context().createFence();
    expect(fence.signal()).toBe(true);
    expect(errors).toEqual([{ error: new Error('tracer'), fence }]);
    expect(log).toEqual(['init 1', 'signaled 1 signaled']);
  });
});

describe('traced waits', () => {
  test('a wait begins and ends once a fence, with the token and the outcome', async () => {
    const log: string[] = [];
    trace(recorder(log));
    const own = context();
    const [done, failed, late, aborted] = [
      own.createFence(),
      own.createFence(),
      own.createFence(),
      own.createFence(),
    ];
    log.length = 0;
    const waits = [done.wait(), rejection(failed.wait())];
    done.signal();
    failed.fail('EIO');
    await Promise.all(waits);
    await rejection(late.wait({ timeoutMs: 0 }));
    const stop = new AbortController();
    const stopped = rejection(aborted.wait({ signal: stop.signal }));
    stop.abort('stop');
    await stopped;
    await rejection(late.wait({ timeoutMs: 1 }));
    expect(log).toEqual([
      'wait 1',
      'wait 2',
      'signaled 1 signaled',
      'end 1 1 signaled',
      'signaled 2 failed',
      'end 2 2 failed',
      'wait 3',
      'end 3 3 timeout',
      'wait 4',
      'end 4 4 aborted',
      'wait 3',
      'end 3 5 timeout',
    ]);
  });

  test('a poll that succeeds is a wait that was signaled', async () => {
    const log: string[] = [];
    const fence = context({ ops: { isSignaled: () => true } }).createFence();
    trace(recorder(log));
    await fence.wait({ timeoutMs: 0 });
    expect(log).toEqual(['wait 1', 'signaled 1 signaled', 'end 1 1 signaled']);
  });

  test('late: waits on signaled fences are not traced', async () => {
    const log: string[] = [];
    const [done, pending] = [context().createFence(), context({ initialSeqno: 1 }).createFence()];
    done.signal();
    trace(recorder(log));
    await done.wait();
    await waitAny([done, pending]);
    const all = waitAll([done, pending, pending]);
    await settled();
    pending.signal();
    await all;
    expect(log).toEqual(['wait 2', 'signaled 2 signaled', 'end 2 1 signaled']);
  });

  test('waitAny and a failed waitAll end the losers as aborted', async () => {
    const own = context();
    const fences = [own.createFence(), own.createFence()] as const;
    const log: string[] = [];
    trace(recorder(log));
    const any = waitAny(fences);
    const all = rejection(waitAll(fences));
    fences[1].fail('EIO');
    await Promise.all([any, all]);
    expect(log).toEqual([
      'wait 1',
      'wait 2',
      'wait 1',
      'wait 2',
      'signaled 2 failed',
      'end 2 2 failed',
      'end 1 1 aborted',
      'end 2 4 failed',
      'end 1 3 aborted',
    ]);
  });

  test('one that signals while the wait is decided elsewhere still ends with its own outcome', async () => {
    const own = context();
    const [a, b] = [own.createFence(), own.createFence()];
    const log: string[] = [];
    b.addCallback(() => a.signal());
    trace(recorder(log));
    const any = waitAny([a, b]);
    b.signal();
    await any;
    expect(log.filter((line) => line.startsWith('end'))).toEqual(['end 1 1 signaled', 'end 2 2 signaled']);
  });

  test.each([
    ['wait', (first: DmaFence) => first.wait()],
    ['waitAny', (first: DmaFence, second: DmaFence) => waitAny([first, second])],
    ['waitAll', (first: DmaFence, second: DmaFence) => waitAll([first, second])],
  ] as const)('re-entrant: %s for what a tracer signals as it is told ends all the same', async (_, wait) => {
    const own = context();
    const [first, second] = [own.createFence(), own.createFence()];
    const log: string[] = [];
    trace(recorder(log));
    trace({ waitStart: () => (first.signal(), second.signal()) });
    await wait(first, second);
    expect([first, second].map(hangingOn)).toEqual([undefined, undefined]);
    expect(log).toEqual(['wait 1', 'signaled 1 signaled', 'signaled 2 signaled', 'end 1 1 signaled']);
  });

  test('re-entrant: a wait that an exporter decides as it is asked hangs on nothing, and ends once for each that it began for', async () => {
    const first = context().createFence();
    const second = context({
      initialSeqno: 1,
      ops: { enableSignaling: () => (first.signal(), true) },
    }).createFence();
    const log: string[] = [];
    trace(recorder(log));
    expect(await waitAny([first, second])).toBe(0);
    expect(hangingOn(second)).toBeUndefined();
    expect(log).toEqual([
      'wait 1',
      'enable 2',
      'signaled 1 signaled',
      'end 1 1 signaled',
      'wait 2',
      'end 2 2 aborted',
    ]);
  });

  test('only a tracer that saw the wait begin sees it end; without the method nothing is asked', async () => {
    const log: string[] = [];
    const early = trace(recorder(log, 'early '));
    trace({});
    const fence = context().createFence();
    const wait = fence.wait();
    trace(recorder(log, 'late '));
    early[Symbol.dispose]();
    fence.signal();
    await wait;
    expect(log).toEqual(['early init 1', 'early wait 1', 'late signaled 1 signaled']);
  });

  test('waitEnd that throws drops the tracer only', async () => {
    const errors = callbackErrors();
    const log: string[] = [];
    trace({
      waitEnd() {
        throw new Error('end');
      },
    });
    trace(recorder(log));
    const fence = context().createFence();
    const wait = fence.wait();
    fence.signal();
    await wait;
    expect(errors).toEqual([{ error: new Error('end'), fence }]);
    expect(log.at(-1)).toBe('end 1 1 signaled');
  });
});

describe('the callback hook', () => {
  const traced = (...tracers: FenceTracer[]) => {
    const errors = callbackErrors();
    for (const tracer of tracers) trace(tracer);
    const fence = context().createFence();
    const ran: string[] = [];
    return { errors, fence, ran };
  };

  test('runs around plain functions and records, not around waits', async () => {
    const log: string[] = [];
    const { fence, ran } = traced({ callback: (seen, run) => (log.push(seen.name), run()) });
    const wait = fence.wait();
    fence.addCallback(() => ran.push('plain'));
    fence.addCallback(new FenceCallback((_, record) => ran.push(record.data), 'record'));
    fence.signal();
    await wait;
    expect(ran).toEqual(['plain', 'record']);
    expect(log).toEqual([fence.name, fence.name]);
  });

  test('one that throws before it runs the callback is dropped, and core runs it', () => {
    const { errors, fence, ran } = traced({
      callback() {
        throw new Error('hook');
      },
    });
    fence.addCallback(() => ran.push('one'));
    fence.addCallback(() => ran.push('two'));
    fence.signal();
    expect(ran).toEqual(['one', 'two']);
    expect(errors).toEqual([{ error: new Error('hook'), fence }]);
  });

  test('one that never runs it is dropped, and core runs it', () => {
    const { errors, fence, ran } = traced({ callback: () => undefined });
    fence.addCallback(() => ran.push('one'));
    fence.signal();
    expect(ran).toEqual(['one']);
    expect(errors.map(({ error }) => (error as Error).message)).toEqual([
      `fence ${fence.name}: a tracer's callback() called run 0 times, it must do so once`,
    ]);
  });

  test('one that runs it twice, or throws afterwards, is dropped; the callback ran once', () => {
    const { errors, fence, ran } = traced(
      { callback: (_, run) => (run(), run()) },
      {
        callback: (_, run) => {
          run();
          throw new Error('after');
        },
      },
    );
    fence.addCallback(() => ran.push('one'));
    fence.addCallback(() => ran.push('two'));
    fence.signal();
    expect(ran).toEqual(['one', 'two']);
    expect(errors.map(({ error }) => (error as Error).message)).toEqual([
      'after',
      `fence ${fence.name}: a tracer's callback() called run 2 times, it must do so once`,
    ]);
  });

  test('sees what the callback throws pass through; it is reported once, swallowed or not', () => {
    const seen: unknown[] = [];
    const { errors, fence } = traced(
      {
        callback(_, run) {
          try {
            run();
          } catch (error) {
            seen.push(error);
          }
        },
      },
      {
        callback: (_, run) => {
          run();
        },
      },
    );
    const boom = new Error('boom');
    fence.addCallback(() => {
      throw boom;
    });
    fence.signal();
    expect(seen).toEqual([boom]);
    expect(errors).toEqual([{ error: boom, fence }]);
  });

  test('a record removed by a tracer between signal and its turn does not run', () => {
    const record = new FenceCallback(() => ran.push('never'));
    const { fence, ran, errors } = traced({
      signaled: (seen: DmaFence) => void answers.push(seen.removeCallback(record)),
    });
    const answers: boolean[] = [];
    fence.addCallback(record);
    fence.signal();
    expect({ ran, answers, errors }).toEqual({ ran: [], answers: [true], errors: [] });
  });
});

test('a record that a tracer takes off a failed fence leaves the failure where it is', () => {
  const fence = context().createFence();
  const record = new FenceCallback(() => undefined);
  fence.addCallback(record);
  trace({ signaled: () => void fence.removeCallback(record) });
  fence.fail('EIO');
  expect(fence.error).toMatchObject({ code: 'EIO' });
});

test('a function that is frozen can be added where a tracer signals the fence meanwhile', () => {
  const fence = context().createFence();
  trace({ callbackAdded: () => void fence.signal() });
  expect(fence.addCallback(Object.freeze(() => undefined))).toBe(false);
});

test('the stub was there before every tracer', () => {
  signaledFence().put();
  const log: string[] = [];
  trace(recorder(log));
  signaledFence().put();
  expect(log).toEqual([]);
});

test.each([undefined, null, 5])('a tracer must be an object, not %j', (tracer) => {
  expect(thrown(() => addFenceTracer(tracer as unknown as FenceTracer))).toMatchObject({
    code: 'EINVAL',
    message: expect.stringContaining('addFenceTracer(): tracer must be an object') as string,
  });
});

test('a run that a tracer keeps for later comes too late: the callback ran, and does not run twice', () => {
  const errors = callbackErrors();
  const kept: (() => void)[] = [];
  using _tracing = addFenceTracer({ callback: (_fence, run) => void kept.push(run) });
  const fence = context().createFence();
  let runs = 0;
  fence.addCallback(() => void runs++);
  fence.signal();
  expect(runs).toBe(1);
  for (const run of kept) run();
  expect(runs).toBe(1);
  expect(errors).toHaveLength(1);
});

test.each([1, 2])('%i tracers that want to hear of nothing are never asked, and stay', async (count) => {
  const errors = callbackErrors();
  const heard = warnings();
  for (let installed = 0; installed < count; installed++) {
    trace({});
  }
  const own = ownContext();
  const [a, b] = [own.createFence(), own.createFence()];
  const ran: DmaFence[] = [];
  a.emit();
  a.addCallback((fence) => ran.push(fence));
  const both = fenceArray([a, b]);
  const waiting = both.wait();
  a.signal();
  b.signal();
  await waiting;
  for (const fence of [both, a, b]) fence.put();
  own.createFence().put();
  expect(ran).toEqual([a]);
  expect(heard).toHaveLength(1);
  expect(errors).toEqual([]);
});

test('which methods a tracer has is looked up once, when it is added', () => {
  let asked = 0;
  const methods: FenceTracer = {};
  const seen: number[] = [];
  const tracer = new Proxy(methods, {
    get: (target, name) => {
      asked++;
      return Reflect.get(target, name) as unknown;
    },
  });
  trace(tracer);
  const before = asked;
  methods.init = ({ seqno }) => void seen.push(seqno);
  methods.signaled = ({ seqno }) => void seen.push(seqno);
  const own = context();
  own.createFence().signal();
  // Others that come and go do not change that.
  trace({ init: () => undefined })[Symbol.dispose]();
  trace({ signaled: () => undefined });
  own.createFence().signal();
  expect([asked, seen]).toEqual([before, []]);
});

test('a method that a tracer has when it is added is called on it, whatever becomes of the property', () => {
  class Counting implements FenceTracer {
    count = 0;
    init(): void {
      this.count++;
    }
  }
  const tracer = new Counting();
  trace(tracer);
  const own = context();
  own.createFence();
  tracer.init = () => undefined;
  trace({});
  own.createFence();
  expect(tracer.count).toBe(2);
});
