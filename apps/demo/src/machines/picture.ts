/** What is drawn: as many bands as there are jobs, each a pure function of its number. */
export const WIDTH = 480;
export const BAND_HEIGHT = 20;
export const BANDS = 24;

const DEPTH = 240;

/** Draws one band of the Mandelbrot set, as RGB bytes. */
export function drawBand(band: number): Uint8Array {
  const bytes = new Uint8Array(WIDTH * BAND_HEIGHT * 3);
  for (let y = 0; y < BAND_HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const real = (x / WIDTH) * 3 - 2.2;
      const imaginary = ((band * BAND_HEIGHT + y) / (BANDS * BAND_HEIGHT)) * 3 - 1.5;
      bytes.set(color(steps(real, imaginary)), (y * WIDTH + x) * 3);
    }
  }
  return bytes;
}

function steps(real: number, imaginary: number): number {
  let [a, b] = [0, 0];
  for (let step = 0; step < DEPTH; step++) {
    [a, b] = [a * a - b * b + real, 2 * a * b + imaginary];
    if (a * a + b * b > 4) return step;
  }
  return DEPTH;
}

function color(step: number): [number, number, number] {
  const light = step === DEPTH ? 0 : Math.sqrt(step / DEPTH);
  return [
    Math.round(255 * light),
    Math.round(200 * light),
    Math.round(90 + 165 * (light === 0 ? -0.35 : light)),
  ];
}
