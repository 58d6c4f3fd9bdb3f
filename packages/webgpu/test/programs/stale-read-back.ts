export async function staleReadBack(
  device: GPUDevice,
  encoder: GPUCommandEncoder,
  staging: GPUBuffer,
): Promise<number> {
  device.queue.submit([encoder.finish()]); // say a buffer in it was destroyed: invalid, so the GPU runs nothing of it
  await device.queue.onSubmittedWorkDone(); // resolves
  await staging.mapAsync(GPUMapMode.READ); // resolves
  const [value = NaN] = new Uint32Array(staging.getMappedRange());
  staging.unmap();
  return value; // the number of the time before, and no error that you could catch
}
