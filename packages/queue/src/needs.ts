import type { DmaFence } from '@dma-fence/core';
import type { FenceNeeds } from '@dma-fence/core/producer';
import type { JobState } from './job-state.js';

/** So many jobs are named that hold the credits. */
const NAMED = 3;

/** What a job's pending fence waits for, for dumps and the validator. */
export function needsOf(fence: DmaFence): FenceNeeds | undefined {
  const job = fence.data as JobState;
  const capacity = job.credits === 0 ? undefined : job.state.capacity;
  return { on: on(job), capacity };
}

function on(job: JobState): (DmaFence | string)[] {
  const { state, stream } = job;
  if (job.begun) return job.hardware === undefined ? [] : [job.hardware];
  if (job.dead) {
    const before = stream?.predecessor(job);
    return before === undefined ? [] : [before.ownFinished()];
  }
  const unmet = job.unmetDependencies();
  if (unmet.length > 0) return unmet;
  if (job.armedOnly) return ['push() of the job'];
  const first = stream?.current ?? stream?.first();
  if (first !== undefined && first !== job) return [first.ownFinished()];
  if (state.paused > 0) return ['the end of a pause'];
  const holders = state.jobs().filter(({ begun, credits }) => begun && credits > 0);
  const named = holders.slice(0, NAMED).map(({ name }) => name);
  const others = holders.length > NAMED ? ` and ${String(holders.length - NAMED)} more` : '';
  return [`${state.capacity.name}, held by ${named.join(', ')}${others}`];
}
