import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodePng, findPictures, scenePictures } from '../../src/picture/picture.ts';
import { UserError } from '../../src/command/user-error.ts';
import { Scratch } from '../support/demo.ts';
import { photo } from '../support/photo.ts';
import { asNobody } from '../support/nobody.ts';

let scratch: Scratch;

beforeAll(async () => {
  scratch = await Scratch.make();
});

afterAll(() => scratch[Symbol.asyncDispose]());

async function refused(paths: readonly string[]): Promise<string> {
  const error = await findPictures(paths).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  expect((error as UserError).message).not.toContain('\n');
  return (error as UserError).message;
}

describe('findPictures', () => {
  it('takes the pictures of a folder by name, and leaves other files alone', async () => {
    await mkdir(scratch.at('folder'));
    for (const name of ['b.PNG', 'a.png', 'c.tiff'])
      await photo({ width: 5, height: 7 })
        .toFormat(name.endsWith('f') ? 'tiff' : 'png')
        .toFile(scratch.at('folder', name));
    await writeFile(scratch.at('folder', 'notes.txt'), 'hello');
    const { pictures, unreadable, leftOut } = await findPictures([scratch.at('folder')]);
    expect({ unreadable, leftOut }).toEqual({ unreadable: [], leftOut: 1 });
    expect(pictures.map(({ name, size }) => [name, size])).toEqual(
      ['a', 'b', 'c'].map((name) => [name, { width: 5, height: 7 }]),
    );
  });

  it('gives the size of the picture as it is seen, not as it lies in the file', async () => {
    await photo({ width: 20, height: 10 }, 3)
      .jpeg()
      .withMetadata({ orientation: 8 })
      .toFile(scratch.at('turned.jpg'));
    const {
      pictures: [picture],
    } = await findPictures([scratch.at('turned.jpg')]);
    expect(picture?.size).toEqual({ width: 10, height: 20 });
    expect((await picture?.decode())?.byteLength).toBe(10 * 20 * 4);
  });

  it.each([
    ['missing', 'gone.png', 'no such file or folder', () => undefined],
    ['empty', 'empty.png', 'the file is empty', (at: string) => writeFile(at, '')],
    [
      'not a picture',
      'text.png',
      'not a PNG, JPEG, WebP, AVIF or TIFF picture',
      (at: string) => writeFile(at, 'hello'),
    ],
    [
      'in a format that is not taken',
      'moving.png',
      'not a PNG, JPEG, WebP, AVIF or TIFF picture',
      (at: string) => photo({ width: 9, height: 9 }).gif().toFile(at),
    ],
    [
      'an SVG',
      'drawn.png',
      'not a PNG, JPEG, WebP, AVIF or TIFF picture',
      (at: string) => writeFile(at, '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
    ],
    [
      'a folder without pictures',
      'folder.png',
      'no PNG, JPEG, WebP, AVIF or TIFF pictures in this folder',
      (at: string) => mkdir(at),
    ],
    [
      'neither file nor folder',
      'pipe.png',
      'not a file or a folder',
      (at: string) => execFileSync('mkfifo', [at]),
    ],
    ['a link to nothing', 'link.png', 'a link that leads nowhere', (at: string) => symlink(`${at}-gone`, at)],
    ['a link to itself', 'loop.png', 'too many symbolic links', (at: string) => symlink(at, at)],
    [
      'too large',
      'large.png',
      '10000 x 5001 is more than 50 megapixels',
      (at: string) => writeFile(at, pngHeader(10_000, 5001)),
    ],
  ])('refuses what is %s', async (_, name, reason, prepare) => {
    const at = scratch.at(name);
    await prepare(at);
    expect(await refused([at])).toBe(`cannot read ${at}: ${reason}`);
  });

  it('what is of no use in a folder does not spoil the rest, and says which it is', async () => {
    await mkdir(scratch.at('mixed'));
    await photo({ width: 9, height: 9 }).png().toFile(scratch.at('mixed', 'good.png'));
    await writeFile(scratch.at('mixed', 'empty.png'), '');
    await symlink('gone.png', scratch.at('mixed', 'link.png'));
    const found = await findPictures([scratch.at('mixed'), scratch.at('nowhere')]);
    expect(found.pictures.map(({ name }) => name)).toEqual(['good']);
    expect([...found.unreadable].sort()).toEqual([
      `cannot read ${scratch.at('mixed', 'empty.png')}: the file is empty`,
      `cannot read ${scratch.at('mixed', 'link.png')}: a link that leads nowhere`,
      `cannot read ${scratch.at('nowhere')}: no such file or folder`,
    ]);
  });

  it('where nothing is of use, one line says so', async () => {
    expect(await refused([scratch.at('x.png'), scratch.at('y.png'), scratch.at('z.png')])).toBe(
      `cannot read ${scratch.at('x.png')}: no such file or folder; nor can the 2 others be read`,
    );
  });

  it('refuses what may not be read', async () => {
    await photo({ width: 9, height: 9 }).png().toFile(scratch.at('secret.png'));
    await chmod(scratch.at('secret.png'), 0o000);
    const message = await asNobody(() => refused([scratch.at('secret.png')]));
    expect(message).toContain('permission denied');
  });

  it.each(['png', 'jpeg', 'webp', 'tiff', 'avif'] as const)(
    'a %s that was cut short is refused, at the latest when it is decoded',
    async (format) => {
      const at = scratch.at(`cut.${format}`);
      const whole = await photo({ width: 200, height: 200 }).toFormat(format).toBuffer();
      await writeFile(at, whole.subarray(0, Math.floor(whole.length / 2)));
      const decoded = findPictures([at]).then(({ pictures: [picture] }) => picture?.decode());
      await expect(decoded).rejects.toThrow(UserError);
      await expect(decoded).rejects.toThrow(/^cannot read \S+: [^\n]+$/);
    },
  );

  it('a picture that is replaced by one of another size before it is decoded is refused', async () => {
    const at = scratch.at('swapped.png');
    await photo({ width: 9, height: 9 }).png().toFile(at);
    const {
      pictures: [picture],
    } = await findPictures([at]);
    await photo({ width: 8, height: 9 }).png().toFile(at);
    await expect(picture?.decode()).rejects.toThrow('the picture changed while it was read');
  });
});

describe('decode', () => {
  it.each(['png', 'jpeg', 'webp', 'tiff', 'avif'] as const)('gives RGBA of 8 bits for %s', async (format) => {
    const at = scratch.at(`plain.${format}`);
    await sharp({ create: { width: 32, height: 16, channels: 3, background: { r: 200, g: 100, b: 50 } } })
      .toFormat(format)
      .toFile(at);
    const {
      pictures: [picture],
    } = await findPictures([at]);
    const pixels = new Uint8Array((await picture?.decode()) ?? new SharedArrayBuffer(0));
    expect(pixels).toHaveLength(32 * 16 * 4);
    for (const [channel, value] of [200, 100, 50, 255].entries())
      expect(Math.abs((pixels[channel] ?? 0) - value)).toBeLessThanOrEqual(6);
  });
});

describe('the drawn scene', () => {
  it('is as large as asked, opaque, and another picture each time', async () => {
    const pictures = scenePictures(3, { width: 160, height: 100 });
    expect(pictures.map(({ name }) => name)).toEqual(['scene-01', 'scene-02', 'scene-03']);
    const pixels = await Promise.all(pictures.map(async (picture) => new Uint8Array(await picture.decode())));
    expect(Buffer.compare(pixels[0] ?? Buffer.of(), pixels[1] ?? Buffer.of())).not.toBe(0);
    for (const scene of pixels) {
      expect(scene).toHaveLength(160 * 100 * 4);
      expect(scene.every((value, index) => index % 4 !== 3 || value === 255)).toBe(true);
    }
  });

  it('is the same picture every time it is drawn', async () => {
    const [first, second] = [0, 1].map(() => scenePictures(1, { width: 80, height: 50 })[0]?.decode());
    expect(new Uint8Array((await first) as SharedArrayBuffer)).toEqual(
      new Uint8Array((await second) as SharedArrayBuffer),
    );
  });
});

describe('encodePng', () => {
  it('loses nothing', async () => {
    const size = { width: 13, height: 7 };
    const pixels = Uint8Array.from({ length: 13 * 7 * 4 }, (_, index) => (index * 37) % 256);
    const back = await sharp(await encodePng(pixels, size))
      .raw()
      .toBuffer();
    expect(Buffer.compare(back, pixels)).toBe(0);
  });
});

/** The beginning of a PNG: enough to say its size. */
function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.from('89504e470d0a1a0a0000000d4948445200000000000000000802000000', 'hex');
  header.writeUInt32BE(width, 16);
  header.writeUInt32BE(height, 20);
  // The checksum of the header and an empty data chunk: a reader of headers asks for no more.
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(header.subarray(12)));
  return Buffer.concat([header, crc, Buffer.from('0000000049444154', 'hex'), Buffer.from('35af061e', 'hex')]);
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb8_8320 : 0);
  }
  return ~crc >>> 0;
}
