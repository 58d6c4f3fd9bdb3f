import { DmaFenceContext, type DriverFence, type FenceError } from '@dma-fence/core';
import { JobQueue, type Job, type JobQueueOptions } from '@dma-fence/queue';
import { onTestFinished } from 'vitest';

/** A queue whose names do not matter; disposed of when the test ends. */
export function queueOf(options: Partial<JobQueueOptions> = {}): JobQueue {
  const queue = new JobQueue({ driverName: 'app', timelineName: 'jobs', ...options });
  onTestFinished(() => {
    queue[Symbol.dispose]();
  });
  return queue;
}

/** Disposes of `thing` when the test ends. */
export function forTest<D extends Disposable>(thing: D): D {
  onTestFinished(() => {
    thing[Symbol.dispose]();
  });
  return thing;
}

const hardware = new DmaFenceContext({ driverName: 'hw', timelineName: 'unit' });

/** A fence of somebody else's; signaled and put when the test ends. */
export function fence(): DriverFence {
  const made = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' }).createFence();
  onTestFinished(() => {
    if (made.refCount === 0) return;
    made.signal();
    made.put();
  });
  return made;
}

/** Work that goes on until the test ends it: what hardware does. */
export class Unit {
  readonly began: string[] = [];
  readonly #fences = new Map<string, DriverFence>();

  constructor() {
    onTestFinished(() => {
      for (const name of [...this.#fences.keys()]) this.end(name);
    });
  }

  /** The work of a job. */
  readonly run = (job: Job): DriverFence => {
    this.began.push(job.name);
    const fence = hardware.createFence();
    this.#fences.set(job.name, fence);
    return fence;
  };

  /** Whether somebody still has the fence that was handed over. */
  fence(name: string): DriverFence {
    const fence = this.#fences.get(name);
    if (fence === undefined) throw new Error(`${name} does not run`);
    return fence;
  }

  end(name: string, error?: Error): void {
    const fence = this.fence(name);
    this.#fences.delete(name);
    if (fence.refCount === 0) return;
    if (error === undefined) fence.signal();
    else fence.fail(error);
  }

  get running(): string[] {
    return [...this.#fences.keys()];
  }
}

/** What is thrown. */
export function thrown(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

export function code(call: () => unknown): string {
  return (thrown(call) as FenceError).code;
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => {
      throw new Error('it resolved');
    },
    (error: unknown) => error,
  );
}

/** A promise that the test settles. */
export function gate<T = void>(): {
  promise: Promise<T>;
  open: (value: T) => void;
  shut: (reason: unknown) => void;
} {
  let open: (value: T) => void = () => undefined;
  let shut: (reason: unknown) => void = () => undefined;
  const promise = new Promise<T>((resolve, reject) => {
    open = resolve;
    shut = reject;
  });
  return { promise, open, shut };
}

/** Long enough for everything that promises decide. */
export const turn = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve));
