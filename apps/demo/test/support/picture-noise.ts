import { seededRandom } from '../../src/random.ts';
import { allocateSurface, pixelsOf, type Pixels, type Size } from '../../src/picture/surface.ts';

/** Buffers with a noisy source and garbage everywhere else, as buffers are found in life. */
export function noisyPixels(size: Size, seed = 1): Pixels {
  const random = seededRandom(seed);
  const pixels = pixelsOf(allocateSurface(size.width * size.height), size);
  for (const buffer of Object.values(pixels))
    for (let i = 0; i < buffer.length; i += 1) buffer[i] = random() * 256;
  return pixels;
}

/** A noisy picture on its own. */
export function noisySource(size: Size, seed = 1): SharedArrayBuffer {
  const shared = new SharedArrayBuffer(size.width * size.height * 4);
  new Uint8Array(shared).set(noisyPixels(size, seed).source);
  return shared;
}
