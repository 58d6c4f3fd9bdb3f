import { DmaFenceContext } from '@dma-fence/core';

/** Everything a batch of time makes. */
export const SIZE = 1000;

let sum = 0;
/** A callback that does next to nothing, and cannot be thought away. */
export const count = () => {
  sum++;
};

let other = 0;
/** Sixteen different callbacks, so that a call site sees more kinds than it can inline. */
export const sixteen = [
  () => void (sum += 1),
  () => void (sum += 2),
  () => void (sum += 3),
  () => void (sum += 4),
  () => void (sum -= 1),
  () => void (sum -= 2),
  () => void (sum -= 3),
  () => void (sum -= 4),
  () => void (other += 1),
  () => void (other += 2),
  () => void (other += 3),
  () => void (other += 4),
  () => void (other -= 1),
  () => void (other -= 2),
  () => void (other -= 3),
  () => void (other -= 4),
];
/** What the callbacks did, so that they cannot be thought away. @public */
export const counted = () => sum + other;

export const context = () => new DmaFenceContext({ driverName: 'bench', timelineName: 'ring0' });
