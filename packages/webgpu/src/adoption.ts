import { FenceError } from '@dma-fence/core';

type Submit = GPUQueue['submit'];

/** On an adopted queue, of whichever copy of this package. */
export const ADOPTED: unique symbol = Symbol.for('@dma-fence/webgpu:adopted');

/** A queue that may be adopted: by whom, and the `submit` that was there before. */
export interface Adoptable {
  [ADOPTED]?: { readonly owner: string; submit: Submit } | undefined;
}

/** Submits past whoever adopted the queue: a scope of theirs inside of ours would take the error away. */
export function submitTo(queue: GPUQueue & Adoptable, buffers: Iterable<GPUCommandBuffer>): void {
  (queue[ADOPTED]?.submit ?? queue.submit).call(queue, buffers);
}

/**
 * Puts `replacement` in the place of `queue.submit`, as an own property, for whoever calls it.
 *
 * @throws FenceError `EBUSY` if somebody did so already.
 */
export function adoptQueue(queue: GPUQueue & Adoptable, owner: string, replacement: Submit): Disposable {
  const present = queue[ADOPTED];
  if (present !== undefined) {
    throw new FenceError(
      'EBUSY',
      `${owner}: adopt(): the queue is adopted by ${present.owner}; dispose of that first`,
    );
  }
  const own = Object.hasOwn(queue, 'submit');
  // eslint-disable-next-line @typescript-eslint/unbound-method -- only ever called on the queue
  const { submit } = queue;
  let active = true;
  const adopted: Submit = (buffers) => {
    if (active) replacement(buffers);
    else submit.call(queue, buffers);
  };
  queue.submit = adopted;
  queue[ADOPTED] = { owner, submit };
  return {
    [Symbol.dispose]() {
      if (!active) return;
      active = false;
      Reflect.deleteProperty(queue, ADOPTED);
      // Whoever wrapped ours in the meantime keeps working: it then leads to the one before.
      if (queue.submit !== adopted) return;
      if (own) queue.submit = submit;
      else Reflect.deleteProperty(queue, 'submit');
    },
  };
}
