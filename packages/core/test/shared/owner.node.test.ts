import { SharedTimeline } from '@dma-fence/core/shared';
import { EventEmitter } from 'node:events';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { OwnerThread } from '../../src/shared/owner.js';
import { thrown } from '../support.js';

function timeline(): SharedTimeline {
  const made = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
  onTestFinished(() => {
    made[Symbol.dispose]();
  });
  return made;
}

/** What Node's `Worker` tells. */
class NodeWorker extends EventEmitter {
  threadId = 1;
  exit(): void {
    this.threadId = -1;
    this.emit('exit', 1);
  }
}

/** What a page's `Worker` tells: nothing when it is gone. */
class PageWorker extends EventTarget {
  terminated = 0;
  terminate(): void {
    this.terminated++;
  }
}

const results = (own: SharedTimeline, upTo: number): string[] =>
  Array.from({ length: upTo }, (_, i) => {
    using fence = own.fenceAt(i + 1);
    return fence.error?.code ?? fence.status;
  });

describe('bindOwner', () => {
  test('when a Node worker exits, what it owed fails, and only that; a new worker may go on', () => {
    const own = timeline();
    const worker = new NodeWorker();
    own.bindOwner(worker);
    for (let i = 0; i < 3; i++) own.reserve();
    own.advanceTo(1);
    worker.exit();
    expect(results(own, 4)).toEqual(['signaled', 'ECANCELED', 'ECANCELED', 'pending']);
    own.advanceTo(own.reserve());
    expect(results(own, 4).at(-1)).toBe('signaled');
  });

  test('who looks away in another listener of the same exit is not told any more', () => {
    const own = timeline();
    const worker = new NodeWorker();
    worker.once('exit', () => {
      binding[Symbol.dispose]();
    });
    const binding = own.bindOwner(worker);
    own.reserve();
    worker.exit();
    expect(results(own, 1)).toEqual(['pending']);
  });

  test('with the given code', () => {
    const own = timeline();
    const worker = new NodeWorker();
    own.bindOwner(worker, 'EOWNERDEAD');
    own.reserve();
    worker.exit();
    expect(results(own, 1)).toEqual(['EOWNERDEAD']);
  });

  test('a worker that is gone already counts at once', () => {
    const own = timeline();
    const worker = new NodeWorker();
    worker.exit();
    own.reserve();
    own.bindOwner(worker);
    expect(results(own, 1)).toEqual(['ECANCELED']);
  });

  test('disposing lets go of it', () => {
    const own = timeline();
    const workers = [new NodeWorker(), new PageWorker()] as const;
    for (const worker of workers) own.bindOwner(worker)[Symbol.dispose]();
    own.reserve();
    workers[0].exit();
    workers[1].terminate();
    workers[1].dispatchEvent(new Event('error'));
    expect(results(own, 1)).toEqual(['pending']);
    expect(workers[0].listenerCount('exit')).toBe(0);
  });

  test('one listener on a worker serves any number of timelines, also when the first looks away', () => {
    const worker = new NodeWorker();
    const timelines = Array.from({ length: 20 }, timeline);
    const bindings = timelines.map((own) => own.bindOwner(worker));
    for (const own of timelines) own.reserve();
    expect(worker.listenerCount('exit')).toBe(1);
    bindings[0]?.[Symbol.dispose]();
    bindings[0]?.[Symbol.dispose]();
    worker.exit();
    expect(timelines.map((own) => results(own, 1)[0])).toEqual([
      'pending',
      ...Array<string>(19).fill('ECANCELED'),
    ]);
  });

  test('a worker whose timelines all looked away can be bound again', () => {
    const own = timeline();
    const worker = new NodeWorker();
    own.bindOwner(worker)[Symbol.dispose]();
    own.bindOwner(worker, 'EIO');
    own.reserve();
    worker.exit();
    expect(results(own, 1)).toEqual(['EIO']);
  });

  test('disposing of a timeline where it was created lets go of its owners, elsewhere it does not', () => {
    const own = timeline();
    const worker = new NodeWorker();
    const gone = SharedTimeline.create({ driverName: 'codec', timelineName: 'decode' });
    gone.bindOwner(worker);
    gone[Symbol.dispose]();
    expect(worker.listenerCount('exit')).toBe(0);
    const attached = SharedTimeline.attach(own.handle);
    attached.bindOwner(worker);
    attached[Symbol.dispose]();
    own.reserve();
    worker.exit();
    expect(results(own, 1)).toEqual(['ECANCELED']);
  });

  test('terminate() of a page worker is noticed by all timelines, and still terminates', () => {
    const [a, b] = [timeline(), timeline()];
    const worker = new PageWorker();
    a.bindOwner(worker);
    b.bindOwner(worker, 'EIO');
    a.reserve();
    b.reserve();
    worker.terminate();
    worker.terminate();
    expect([results(a, 1), results(b, 1)]).toEqual([['ECANCELED'], ['EIO']]);
    expect(worker.terminated).toBe(2);
  });

  test('an error that nobody caught in a page worker counts as its end, once', () => {
    const own = timeline();
    const worker = new PageWorker();
    own.bindOwner(worker);
    own.reserve();
    worker.dispatchEvent(new Event('error'));
    own.reserve();
    worker.dispatchEvent(new Event('error'));
    worker.terminate();
    expect(results(own, 2)).toEqual(['ECANCELED', 'pending']);
  });

  test.each([undefined, null, 5, {}, { once: 5 }])('%o is no worker: EINVAL', (worker) => {
    expect(thrown(() => timeline().bindOwner(worker as unknown as OwnerThread))).toMatchObject({
      code: 'EINVAL',
    });
  });

  test('a code that is none is refused at once, not when the worker dies', () => {
    expect(thrown(() => timeline().bindOwner(new NodeWorker(), 'ENOPE' as 'EIO'))).toMatchObject({
      code: 'EINVAL',
    });
  });
});
