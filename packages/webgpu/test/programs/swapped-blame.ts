async function attempt(device: GPUDevice, act: () => void): Promise<boolean> {
  device.pushErrorScope('validation');
  act();
  await Promise.resolve(); // any await: another task may push a scope of its own now
  return (await device.popErrorScope()) === null;
}

export async function swappedBlame(device: GPUDevice): Promise<boolean[]> {
  const innocent = attempt(device, () => undefined);
  const guilty = attempt(device, () => device.createBuffer({ size: 4, usage: 0 })); // invalid
  return Promise.all([innocent, guilty]); // [false, true]: the innocent one has the error
}
