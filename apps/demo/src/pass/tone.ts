import type { Band, Pixels, Size } from '../picture/surface.js';

/** Dark parts glow little, light ones much; worked out once, in whole numbers, so that every thread agrees. */
const GLOW: Uint8Array = Uint8Array.from({ length: 256 }, (_, value) => {
  const squared = value * value;
  return Math.floor((squared * (765 - 2 * value)) / (255 * 255));
});

/** Turns the blurred picture in `pong` into its glow, in place: a tone curve and a little more colour. */
export function toneCurve({ pong }: Pixels, { width }: Size, band: Band): void {
  const end = band.bottom * width * 4;
  for (let i = band.top * width * 4; i < end; i += 4) {
    const red = pong[i] ?? 0;
    const green = pong[i + 1] ?? 0;
    const blue = pong[i + 2] ?? 0;
    const grey = (54 * red + 183 * green + 19 * blue) >> 8;
    pong[i] = GLOW[clamp(red + ((red - grey) >> 1))] ?? 0;
    pong[i + 1] = GLOW[clamp(green + ((green - grey) >> 1))] ?? 0;
    pong[i + 2] = GLOW[clamp(blue + ((blue - grey) >> 1))] ?? 0;
  }
}

/** Lays the glow in `pong` over `source`, darkens outlines from `edges`, and leaves the picture in `ping`. */
export function composite({ source, ping, pong, edges }: Pixels, { width }: Size, band: Band): void {
  const end = band.bottom * width * 4;
  for (let i = band.top * width * 4; i < end; i += 4) {
    // Ink takes to dark pixels only, so that a star in the night does not turn into a blot.
    const peak = Math.max(source[i] ?? 0, source[i + 1] ?? 0, source[i + 2] ?? 0);
    const light = 255 - (((edges[i >> 2] ?? 0) * (255 - peak)) >> 8);
    for (let channel = i; channel < i + 3; channel += 1) {
      const dark = 255 - (((pong[channel] ?? 0) * 9) >> 4);
      const screen = 255 - ((255 - (source[channel] ?? 0)) * dark) / 255;
      ping[channel] = (screen * light) / 255;
    }
    ping[i + 3] = source[i + 3] ?? 0;
  }
}

function clamp(value: number): number {
  return value < 0 ? 0 : value > 255 ? 255 : value;
}
