export async function destroyAfterSubmit(
  device: GPUDevice,
  encoder: GPUCommandEncoder,
  used: GPUBuffer,
): Promise<boolean> {
  device.pushErrorScope('validation');
  device.queue.submit([encoder.finish()]);
  used.destroy(); // the GPU may not even have begun
  return (await device.popErrorScope()) === null; // true: no error, and the work is done as recorded
}
