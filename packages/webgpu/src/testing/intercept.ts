import { ADOPTED, type Adoptable } from '../adoption.js';
import { GpuQueue } from '../gpu-queue.js';
import { must } from '../failure.js';

type Submit = GPUQueue['submit'];

/**
 * What a fault happens to: a device, or the `GpuQueue` of one.
 *
 * @example Either will do
 * ```ts
 * import type { FaultTarget } from '@dma-fence/webgpu/testing';
 *
 * const deviceOf = (target: FaultTarget): GPUDevice => ('device' in target ? target.device : target);
 * ```
 */
export type FaultTarget = GPUDevice | GpuQueue;

/** The device of a target. */
export function deviceOfTarget(who: string, target: FaultTarget): GPUDevice {
  const device = target instanceof GpuQueue ? target.device : target;
  must(
    typeof (device as Partial<GPUDevice> | undefined)?.createCommandEncoder === 'function',
    `${who}: takes a GPUDevice or a GpuQueue`,
  );
  return device;
}

/** Puts `replacement` in the place of the innermost `submit` of a queue for one call, below whoever adopted it. */
export function interceptOnce(
  queue: GPUQueue & Adoptable,
  replacement: (submit: Submit) => Submit,
): Disposable {
  const adopted = queue[ADOPTED];
  const holder: { submit: Submit } = adopted ?? queue;
  const before = Object.getOwnPropertyDescriptor(holder, 'submit');

  const { submit } = holder;
  const native: Submit = (buffers) => {
    submit.call(queue, buffers);
  };
  const once: Submit = (buffers) => {
    restore();
    replacement(native)(buffers);
  };
  const restore = (): void => {
    if (holder.submit !== once) return;
    if (before === undefined) Reflect.deleteProperty(holder, 'submit');
    else Object.defineProperty(holder, 'submit', before);
  };
  Object.defineProperty(holder, 'submit', {
    configurable: true,
    enumerable: false,
    writable: true,
    value: once,
  });
  return { [Symbol.dispose]: restore };
}
