import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { OUTPUT, runPasses } from '../../src/pass/pass.ts';
import { allocateSurface, pixelsOf, type Size } from '../../src/picture/surface.ts';

/** Pixels of a file as the demo is to see them. */
export async function rgbaOf(file: string): Promise<{ data: Buffer; size: Size }> {
  const { data, info } = await sharp(await readFile(file))
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, size: { width: info.width, height: info.height } };
}

/** What the demo is to make of a file, worked out here. */
export async function expectedFrom(file: string): Promise<{ data: Uint8Array; size: Size }> {
  const { data, size } = await rgbaOf(file);
  const pixels = pixelsOf(allocateSurface(size.width * size.height), size);
  pixels.source.set(data);
  runPasses(pixels, size);
  return { data: pixels[OUTPUT], size };
}
