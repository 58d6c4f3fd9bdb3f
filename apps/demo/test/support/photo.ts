import sharp, { type Sharp } from 'sharp';
import type { Size } from '../../src/picture/surface.ts';
import { noisyPixels } from './picture-noise.ts';

/** Something between noise and a photograph, ready to be encoded in any format. */
export function photo(size: Size, channels: 3 | 4 = 4): Sharp {
  const { source } = noisyPixels(size, size.width);
  const soft = sharp(source.slice(), { raw: { ...size, channels: 4 } }).blur(2);
  return channels === 3 ? soft.removeAlpha() : soft;
}
