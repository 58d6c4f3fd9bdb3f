import { FenceUsage, lockReservations, type DmaFence, type DmaReservation } from '@dma-fence/core';
import { refusal, unfitArgument } from '@dma-fence/core/producer';
import type { JobOptions } from './job.js';
import type { ReservedBuffers } from './job-entity.js';
import { JobState } from './job-state.js';
import type { QueueState } from './queue-state.js';
import type { Stream } from './stream.js';
import { decide } from './turn.js';

/** Submits a job that waits for the users of buffers, and has the next ones wait for it. */
export async function submitReserved(
  state: QueueState,
  stream: Stream | undefined,
  work: unknown,
  options: (JobOptions & ReservedBuffers) | undefined,
): Promise<unknown> {
  const { who } = state;
  const mayPush = (): void => {
    state.checkOpen(stream, 'submitReserved', state);
    state.checkRoom('submitReserved', state);
  };
  mayPush();
  const job = new JobState(state, stream ?? state.ring, work, options, true);
  try {
    const writes = buffersOf(who, 'writes', options?.writes);
    const reads = buffersOf(who, 'reads', options?.reads).filter((buffer) => !writes.includes(buffer));
    const signal = options?.signal;
    const locks = await lockReservations([...reads, ...writes], signal === undefined ? {} : { signal });
    try {
      mayPush();
      const users: DmaFence[] = [];
      for (const buffer of reads) users.push(...buffer.fences(FenceUsage.WRITE));
      for (const buffer of writes) users.push(...buffer.fences(FenceUsage.READ));
      // Our fence must not be told of before it is in its places: what is decided in here is told at the end.
      decide(() => {
        job.arm(users);
        const finished = job.ownFinished();
        for (const buffer of reads) locks.of(buffer).add(finished, FenceUsage.READ);
        for (const buffer of writes) locks.of(buffer).add(finished, FenceUsage.WRITE);
        locks.unlock();
        job.push();
      });
    } finally {
      locks.unlock();
    }
    return job;
  } catch (error) {
    job[Symbol.dispose]();
    throw error;
  }
}

function buffersOf(
  who: string,
  what: string,
  list: Iterable<DmaReservation> | undefined,
): readonly DmaReservation[] {
  if (list === undefined) return [];
  if (typeof (list as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] !== 'function') {
    throw unfitArgument(who, what, 'iterable', list);
  }
  const buffers = [...new Set(list)];
  for (const buffer of buffers) {
    if (typeof (buffer as Partial<DmaReservation> | undefined)?.fences !== 'function') {
      throw refusal(who, `${what} must hold nothing but reservations`);
    }
  }
  return buffers;
}
