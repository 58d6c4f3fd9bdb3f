export async function mapBeforeSubmit(
  device: GPUDevice,
  encoder: GPUCommandEncoder,
  staging: GPUBuffer,
): Promise<boolean> {
  const mapped = staging.mapAsync(GPUMapMode.READ); // armed where the copy was recorded
  device.pushErrorScope('validation');
  device.queue.submit([encoder.finish()]); // invalid: it uses a buffer whose map is pending
  const ran = (await device.popErrorScope()) === null;
  await mapped; // resolves all the same
  staging.unmap();
  return ran; // false
}
