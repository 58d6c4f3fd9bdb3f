import { open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import sharp from 'sharp';
import { drawScene } from './scene.js';
import { MAX_PIXELS, type Size } from './surface.js';
import { reasonOf, UserError } from '../command/user-error.js';

/** A picture that waits to be decoded. */
export interface Picture {
  /** Its file name without extension, or the scene's number. */
  readonly name: string;
  readonly size: Size;
  /** The file it comes from; undefined if the demo draws it. */
  readonly file: string | undefined;
  /** Reads it as RGBA, 8 bits a channel, upright; rejects with {@link UserError} when it cannot be decoded. */
  decode(): Promise<SharedArrayBuffer>;
}

const FORMATS: ReadonlySet<string> = new Set(['png', 'jpeg', 'webp', 'heif', 'tiff']);
const EXTENSIONS: ReadonlySet<string> = new Set(['.png', '.jpg', '.jpeg', '.webp', '.avif', '.tif', '.tiff']);

/**
 * Looks at every file named, and at every picture in a folder named, without decoding one yet.
 *
 * @param paths - files and folders; a folder stands for the pictures directly in it, by name
 * @returns at least one picture; {@link UserError} about the first path that is of no use
 */
export async function findPictures(paths: readonly string[]): Promise<Picture[]> {
  const files: string[] = [];
  for (const path of paths) files.push(...(await filesAt(path)));
  return Promise.all(files.map(identify));
}

/** The pictures of a drawn day, `count` of them. */
export function scenePictures(count: number, size: Size): Picture[] {
  const digits = Math.max(2, String(count).length);
  return Array.from({ length: count }, (_, index) => ({
    name: `scene-${String(index + 1).padStart(digits, '0')}`,
    size,
    file: undefined,
    decode: () => decode(Buffer.from(drawScene(count === 1 ? 0.6 : index / (count - 1), size)), size),
  }));
}

/**
 * Encodes RGBA pixels as PNG, which loses nothing.
 *
 * @param pixels - four bytes a pixel, exactly as many as `size` asks for
 */
export async function encodePng(pixels: Uint8Array<ArrayBuffer>, size: Size): Promise<Buffer> {
  return sharp(pixels, { raw: { ...size, channels: 4 }, limitInputPixels: MAX_PIXELS })
    .png()
    .toBuffer();
}

async function filesAt(path: string): Promise<string[]> {
  try {
    const found = await stat(path);
    if (found.isFile()) return [await realpath(path)];
    if (!found.isDirectory()) throw new UserError('not a file or a folder');
    const names = (await readdir(path)).filter((name) => EXTENSIONS.has(extname(name).toLowerCase())).sort();
    if (names.length === 0) throw new UserError('no PNG, JPEG, WebP, AVIF or TIFF pictures in this folder');
    return await Promise.all(names.map((name) => realpath(join(path, name))));
  } catch (error) {
    throw new UserError(`cannot read ${path}: ${reasonOf(error)}`, { cause: error });
  }
}

async function identify(file: string): Promise<Picture> {
  const size = await sizeOf(file);
  if (size.width * size.height > MAX_PIXELS)
    throw new UserError(
      `cannot read ${file}: ${String(size.width)} x ${String(size.height)} is more than 50 megapixels`,
    );
  return {
    name: basename(file, extname(file)),
    size,
    file,
    async decode() {
      try {
        return await decode(file, size);
      } catch (error) {
        throw new UserError(`cannot read ${file}: ${damageOf(error)}`, { cause: error });
      }
    },
  };
}

async function sizeOf(file: string): Promise<Size> {
  try {
    const found = await stat(file);
    if (!found.isFile()) throw new UserError('not a file');
    if (found.size === 0) throw new UserError('the file is empty');
    // Says itself, and better than the decoder would, when the file may not be read.
    await (await open(file)).close();
    const { format, autoOrient } = await sharp(file, { limitInputPixels: false }).metadata();
    if (!FORMATS.has(format)) throw new UserError('not a PNG, JPEG, WebP, AVIF or TIFF picture');
    return autoOrient;
  } catch (error) {
    const reason = /unsupported image format/i.test(reasonOf(error))
      ? 'not a PNG, JPEG, WebP, AVIF or TIFF picture'
      : reasonOf(error);
    throw new UserError(`cannot read ${file}: ${reason}`, { cause: error });
  }
}

async function decode(input: string | Buffer, size: Size): Promise<SharedArrayBuffer> {
  const { data, info } = await sharp(input, { limitInputPixels: MAX_PIXELS })
    .autoOrient()
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.width !== size.width || info.height !== size.height || info.channels !== 4)
    throw new UserError('the picture changed while it was read');
  const shared = new SharedArrayBuffer(data.length);
  new Uint8Array(shared).set(data);
  return shared;
}

/** libvips says how a file is damaged in its own words, over several lines; the first tells enough. */
function damageOf(error: unknown): string {
  return `damaged or cut short (${reasonOf(error)})`;
}
