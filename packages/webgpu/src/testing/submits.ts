import { deviceOfTarget, interceptOnce, type FaultTarget } from './intercept.js';

/**
 * Makes a command buffer that is invalid: its debug groups are not balanced. A submit that has it in it does not run, as WebGPU demands.
 *
 * @example Submit it by hand
 * ```ts
 * import { invalidCommandBuffer } from '@dma-fence/webgpu/testing';
 *
 * function breakOneSubmit(device: GPUDevice): void {
 *   device.queue.submit([invalidCommandBuffer(device)]);
 * }
 * ```
 */
export function invalidCommandBuffer(device: GPUDevice): GPUCommandBuffer {
  const encoder = device.createCommandEncoder({ label: 'invalid on purpose' });
  encoder.pushDebugGroup('never popped');
  // The error of recording is ours; that of the submit is for the program under test.
  device.pushErrorScope('validation');
  const buffer = encoder.finish({ label: 'invalid on purpose' });
  device.popErrorScope().catch(() => undefined);
  return buffer;
}

/**
 * The next submit of this device, whoever makes it, is invalid: it does not run, and the platform says so only to an error scope.
 * `onSubmittedWorkDone()` and `mapAsync()` resolve all the same. Try it on a read-back of your own.
 *
 * @returns a disposable that takes the fault back while it has not happened.
 *
 * @example Does your read-back notice?
 * ```ts
 * import { failSubmit } from '@dma-fence/webgpu/testing';
 *
 * async function isStale(device: GPUDevice, readBack: () => Promise<number>, expected: number): Promise<boolean> {
 *   using _fault = failSubmit(device);
 *   const value = await readBack().catch(() => expected);
 *   return value !== expected; // true: it handed out bytes of the time before
 * }
 * ```
 */
export function failSubmit(target: FaultTarget): Disposable {
  const device = deviceOfTarget('failSubmit()', target);
  return interceptOnce(device.queue, (submit) => (buffers) => {
    submit([...buffers, invalidCommandBuffer(device)]);
  });
}

/**
 * The next submit of this device, whoever makes it, is swallowed: no error anywhere, and nothing runs. Drivers have done so when memory
 * ran out. Only a stamp in the data can tell.
 *
 * @returns a disposable that takes the fault back while it has not happened.
 *
 * @example Is a read-back safe from its driver?
 * ```ts
 * import { dropSubmit } from '@dma-fence/webgpu/testing';
 *
 * async function rejects(device: GPUDevice, readBack: () => Promise<unknown>): Promise<boolean> {
 *   using _fault = dropSubmit(device);
 *   return readBack().then(
 *     () => false,
 *     () => true,
 *   );
 * }
 * ```
 */
export function dropSubmit(target: FaultTarget): Disposable {
  const device = deviceOfTarget('dropSubmit()', target);
  return interceptOnce(device.queue, (submit) => () => {
    submit([]);
  });
}
