export async function usedUp(
  device: GPUDevice,
  good: GPUCommandBuffer,
  bad: GPUCommandBuffer,
): Promise<boolean> {
  device.queue.submit([good, bad]); // one is invalid: neither runs, and both are used up
  device.pushErrorScope('validation');
  device.queue.submit([good]);
  return (await device.popErrorScope()) === null; // false
}
