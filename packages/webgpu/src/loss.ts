import { setTimer } from '@dma-fence/core/producer';

const MAP_READ = 1;
/** How long a device that is gone may take to say why. */
const REASON_MS = 5000;

/** Hears of the loss of a device: empty once it has ended, so that a device keeps no queues. */
export interface LossLink {
  client: { _lose(why: unknown): void } | undefined;
}

/** Not in a constructor, whose other closures would keep the client alive along with these. */
export function hearLoss(device: GPUDevice, link: LossLink): void {
  const lose = (why: unknown): void => link.client?._lose(why);
  device.lost.then(lose, lose);
}

/**
 * Something was rejected as on a lost device: decides whether it is lost, without a clock.
 *
 * Engines differ in what they tell first, `lost` or the rejections that follow from it, and a busy machine puts any time between them.
 * A map is the one call that must reject on a lost device and resolve on any other; and a device that is lost stays so.
 *
 * @param cause what was rejected with; the loss is told with it should the device never say why.
 * @param alive called if the device lives on.
 */
export function suspectLoss(device: GPUDevice, link: LossLink, cause: unknown, alive: () => void): void {
  // Firefox tells of a buffer that is made on a lost device: not to anybody else.
  device.pushErrorScope('validation');
  const probe = device.createBuffer({ size: 4, usage: MAP_READ });
  const mapped = probe.mapAsync(MAP_READ);
  device.popErrorScope().catch(() => undefined);
  mapped.then(
    () => {
      probe.destroy();
      alive();
    },
    () => {
      const timer = setTimer(() => link.client?._lose(cause), REASON_MS);
      const stop = (): void => {
        timer[Symbol.dispose]();
      };
      device.lost.then(stop, stop);
    },
  );
}
