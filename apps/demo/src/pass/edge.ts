import type { Band, Pixels, Size } from '../picture/surface.js';

/** Gradients weaker than this are taken for texture or noise and draw no line. */
const THRESHOLD = 40;

/** Finds outlines in `source` (a Sobel operator on luma) and writes their strength to `edges`. */
export function findEdges({ source, edges }: Pixels, size: Size, band: Band): void {
  const { width, height } = size;
  // Three rows of luma, one column wider on either side: the picture's rim is repeated outward.
  let above = lumaRow(source, size, Math.max(band.top - 1, 0), new Int32Array(width + 2));
  let here = lumaRow(source, size, band.top, new Int32Array(width + 2));
  let below = new Int32Array(width + 2);
  for (let y = band.top; y < band.bottom; y += 1) {
    lumaRow(source, size, Math.min(y + 1, height - 1), below);
    for (let x = 0; x < width; x += 1) {
      const a = above[x] ?? 0;
      const c = above[x + 2] ?? 0;
      const g = below[x] ?? 0;
      const i = below[x + 2] ?? 0;
      const across = c + 2 * (here[x + 2] ?? 0) + i - a - 2 * (here[x] ?? 0) - g;
      const down = g + 2 * (below[x + 1] ?? 0) + i - a - 2 * (above[x + 1] ?? 0) - c;
      const strength = (Math.abs(across) + Math.abs(down) - THRESHOLD) >> 1;
      edges[y * width + x] = strength < 0 ? 0 : strength > 255 ? 255 : strength;
    }
    const spare = above;
    above = here;
    here = below;
    below = spare;
  }
}

function lumaRow(
  source: Uint8Array,
  { width }: Size,
  y: number,
  into: Int32Array<ArrayBuffer>,
): Int32Array<ArrayBuffer> {
  let at = y * width * 4;
  for (let x = 1; x <= width; x += 1, at += 4) {
    // Rec. 709 weights in 1/256, faded with alpha: what cannot be seen has no outline.
    const luma = 54 * (source[at] ?? 0) + 183 * (source[at + 1] ?? 0) + 19 * (source[at + 2] ?? 0);
    into[x] = (luma * (source[at + 3] ?? 0)) >> 16;
  }
  into[0] = into[1] ?? 0;
  into[width + 1] = into[width] ?? 0;
  return into;
}
