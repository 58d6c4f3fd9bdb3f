import type { Band, Pixels, Size } from '../picture/surface.js';

/*
 * A triangular blur with running sums: a step costs the same whatever the radius.
 *
 *   weights    1 2 3 4 3 2 1      radius 3, centre x, sum of weights (radius + 1)²
 *              └─left─┘           left:  x-radius … x
 *                      └─right┘   right: x+1 … x+1+radius
 *
 * One step to the right takes `left` once from the sum and adds `right` once.
 */

/** The blur's reach in pixels: a sixtieth of the shorter side, at least 1 and at most 96. */
export function blurRadius(size: Size): number {
  return Math.max(1, Math.min(96, Math.round(Math.min(size.width, size.height) / 60)));
}

/** Blurs rows of `source` into `ping`, colours multiplied by alpha so that hidden ones do not bleed. */
export function blurAcross({ source, ping }: Pixels, size: Size, band: Band): void {
  const { width } = size;
  const radius = blurRadius(size);
  const norm = (radius + 1) ** 2;
  const last = width - 1;
  const line = new Int32Array(width * 4);
  for (let y = band.top; y < band.bottom; y += 1) {
    const row = y * width * 4;
    premultiply(source, row, line);
    for (let channel = 0; channel < 4; channel += 1) {
      const first = line[channel] ?? 0;
      let left = first * (radius + 1);
      let right = 0;
      let sum = (first * radius * (radius + 1)) / 2;
      for (let k = 0; k <= radius; k += 1) {
        right += line[Math.min(k + 1, last) * 4 + channel] ?? 0;
        sum += (line[Math.min(k, last) * 4 + channel] ?? 0) * (radius + 1 - k);
      }
      for (let x = 0; x < width; x += 1) {
        ping[row + x * 4 + channel] = (sum / norm + 0.5) | 0;
        const next = line[Math.min(x + 1, last) * 4 + channel] ?? 0;
        sum += right - left;
        left += next - (line[Math.max(x - radius, 0) * 4 + channel] ?? 0);
        right += (line[Math.min(x + 2 + radius, last) * 4 + channel] ?? 0) - next;
      }
    }
  }
}

/** Blurs columns of `ping` into `pong`; reads up to a radius of rows outside its band. */
export function blurDown({ ping, pong }: Pixels, size: Size, band: Band): void {
  const stride = size.width * 4;
  const last = size.height - 1;
  const radius = blurRadius(size);
  const norm = (radius + 1) ** 2;
  const row = (y: number): number => Math.max(0, Math.min(y, last)) * stride;
  const left = new Int32Array(stride);
  const right = new Int32Array(stride);
  const sum = new Int32Array(stride);
  for (let k = -radius; k <= radius + 1; k += 1) {
    const from = row(band.top + k);
    const weight = Math.max(0, radius + 1 - Math.abs(k));
    for (let i = 0; i < stride; i += 1) {
      const value = ping[from + i] ?? 0;
      sum[i] = (sum[i] ?? 0) + value * weight;
      if (k <= 0) left[i] = (left[i] ?? 0) + value;
      else right[i] = (right[i] ?? 0) + value;
    }
  }
  for (let y = band.top; y < band.bottom; y += 1) {
    const to = y * stride;
    const leaves = row(y - radius);
    const next = row(y + 1);
    const enters = row(y + 2 + radius);
    for (let i = 0; i < stride; i += 1) {
      const total = sum[i] ?? 0;
      const crosses = ping[next + i] ?? 0;
      pong[to + i] = (total / norm + 0.5) | 0;
      sum[i] = total + (right[i] ?? 0) - (left[i] ?? 0);
      left[i] = (left[i] ?? 0) + crosses - (ping[leaves + i] ?? 0);
      right[i] = (right[i] ?? 0) + (ping[enters + i] ?? 0) - crosses;
    }
  }
}

function premultiply(source: Uint8Array, row: number, line: Int32Array): void {
  for (let i = 0; i < line.length; i += 4) {
    const alpha = source[row + i + 3] ?? 0;
    line[i] = ((source[row + i] ?? 0) * alpha + 127) / 255;
    line[i + 1] = ((source[row + i + 1] ?? 0) * alpha + 127) / 255;
    line[i + 2] = ((source[row + i + 2] ?? 0) * alpha + 127) / 255;
    line[i + 3] = alpha;
  }
}
