import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
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

/** What was found under the paths that a person has named. */
export interface Findings {
  readonly pictures: readonly Picture[];
  /** What is of no use, and why: one line each. */
  readonly unreadable: readonly string[];
  /** What folders hold and is no picture by its name. */
  readonly leftOut: number;
}

/**
 * Looks at every file named, and at every picture in a folder named, without decoding one yet.
 *
 * @param paths - files and folders; a folder stands for the pictures directly in it, by name
 * @returns at least one picture, and what is of no use; {@link UserError} where nothing is of use
 */
export async function findPictures(paths: readonly string[]): Promise<Findings> {
  const unreadable: string[] = [];
  const files: string[] = [];
  let leftOut = 0;
  for (const path of paths)
    try {
      const found = await filesAt(path);
      leftOut += found.leftOut;
      files.push(...found.files);
    } catch (error) {
      unreadable.push(reasonOf(error));
    }
  const looks = await Promise.allSettled(files.map(identify));
  const pictures: Picture[] = [];
  for (const look of looks)
    if (look.status === 'fulfilled') pictures.push(look.value);
    else unreadable.push(reasonOf(look.reason));
  if (pictures.length === 0) throw nothingToRender(unreadable);
  return { pictures, unreadable, leftOut };
}

/** One line for a run that has no picture at all. */
export function nothingToRender([first = 'no picture was found', ...others]: readonly string[]): UserError {
  if (others.length === 0) return new UserError(first);
  return new UserError(`${first}; nor can the ${String(others.length)} others be read`);
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

async function filesAt(path: string): Promise<{ files: string[]; leftOut: number }> {
  try {
    const found = await stat(path);
    if (found.isFile()) return { files: [path], leftOut: 0 };
    if (!found.isDirectory()) throw new UserError('not a file or a folder');
    const all = await readdir(path);
    const names = all.filter((name) => EXTENSIONS.has(extname(name).toLowerCase())).sort();
    if (names.length === 0) throw new UserError('no PNG, JPEG, WebP, AVIF or TIFF pictures in this folder');
    return { files: names.map((name) => join(path, name)), leftOut: all.length - names.length };
  } catch (error) {
    throw await unreadable(path, error);
  }
}

/** Why a path is of no use. A link that leads nowhere is there itself: "no such file" would send people looking for it. */
async function unreadable(path: string, error: unknown): Promise<UserError> {
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  const isLink = missing && (await lstat(path).catch(() => undefined))?.isSymbolicLink() === true;
  const reason = isLink ? 'a link that leads nowhere' : reasonOf(error);
  return new UserError(`cannot read ${path}: ${reason}`, { cause: error });
}

async function identify(path: string): Promise<Picture> {
  const file = await realpath(path).catch(async (error: unknown) => {
    throw await unreadable(path, error);
  });
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
