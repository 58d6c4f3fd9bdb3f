export async function idleCompletion(device: GPUDevice): Promise<number> {
  const begin = performance.now();
  await device.queue.onSubmittedWorkDone();
  return performance.now() - begin; // of an idle queue: a fraction of a millisecond, but 100 in Firefox
}
