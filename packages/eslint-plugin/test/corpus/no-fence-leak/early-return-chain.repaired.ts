import { type DmaFence, type DmaFenceContext, type DriverFence, FenceError } from '@dma-fence/core';

interface Entity {
  readonly context: DmaFenceContext;
  readonly credits: number;
  last: DriverFence | null;
}

interface Work {
  readonly cost: number;
  prepare(): Error | null;
}

export function push(entity: Entity, work: Work): DmaFence {
  if (work.cost > entity.credits) throw new FenceError('EINVAL', 'too dear');
  const scheduled = entity.context.createFence();
  const error = work.prepare();
  if (error !== null) {
    scheduled.fail(error);
    scheduled.put();
    throw error;
  }
  const finished = entity.context.createFence();
  if (entity.last !== null && !entity.last.isLaterThan(scheduled)) {
    entity.last.put();
    entity.last = null;
  }
  if (entity.credits === 0) {
    scheduled.fail('EAGAIN');
    scheduled.put();
    finished.fail('EAGAIN');
    finished.put();
    throw new FenceError('EAGAIN', 'no credits');
  }
  entity.last = scheduled;
  return finished;
}
