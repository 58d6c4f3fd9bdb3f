import type { DmaFence } from '@dma-fence/core';
declare function wake(n: number): void;
export function a(fence: DmaFence, cb: () => void, on: boolean): void {
  // reports check-callback-result
  if (!fence.addCallback(cb)) return;
  cb();
}
export function b(fence: DmaFence, cb: () => void, on: boolean): void {
  // reports check-callback-result
  if (on && fence.addCallback(cb)) cb();
}
export function c(fence: DmaFence, cb: () => void, on: boolean): void {
  // reports check-callback-result
  fence.addCallback(cb) && cb();
}
export function d(fence: DmaFence, cb: () => void, on: boolean): void {
  fence.addCallback(cb) || cb();
  if (fence.addCallback(cb) === false) cb();
  if (!on || !fence.addCallback(cb)) cb();
  const ok = on && fence.addCallback(cb);
  if (!ok) cb();
  if (fence.addCallback(cb)) return;
  cb();
}
export function e(fence: DmaFence): void {
  // reports check-callback-result
  if (fence.addCallback(() => wake(1))) wake(1);
  if (!fence.addCallback(() => wake(1))) wake(1);
  // reports check-callback-result
  if (!fence.addCallback(() => wake(1))) {
    wake(2);
  } else {
    wake(1);
  }
  // reports check-callback-result
  if (fence.addCallback(() => wake(1)) === true) wake(1);
}
export function f(fences: readonly DmaFence[], on: boolean, cb: () => void): void {
  // reports check-callback-result
  fences.forEach((fence) => fence.addCallback(cb));
  // reports check-callback-result
  on && fences[0]?.addCallback(cb);
  // reports check-callback-result
  (fences[0]!.addCallback(cb), on);
}
