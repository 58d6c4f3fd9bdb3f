import type { DmaFenceContext } from '@dma-fence/core';

const devices = /* @__PURE__ */ new WeakMap<DmaFenceContext, GPUDevice>();

/** Notes whose work the fences of a context are. */
export function belongsTo(context: DmaFenceContext, device: GPUDevice): void {
  devices.set(context, device);
}

/** The device whose work the fences of a context are; undefined for fences of something else. */
export function deviceOf(context: DmaFenceContext): GPUDevice | undefined {
  return devices.get(context);
}
