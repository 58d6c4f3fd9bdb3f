import { describe, expect, it } from 'vitest';
import { blurRadius } from '../../src/pass/blur.ts';
import { OUTPUT, PASSES, runPasses } from '../../src/pass/pass.ts';
import { bandsOf, BUFFER_NAMES, type Pixels, type Size } from '../../src/picture/surface.ts';
import { noisyPixels } from '../support/picture-noise.ts';

const SIZES: Size[] = [
  { width: 1, height: 1 },
  { width: 4, height: 4 },
  { width: 1, height: 37 },
  { width: 37, height: 1 },
  { width: 61, height: 43 },
  { width: 130, height: 97 },
];

/** A triangular blur by its definition: every neighbour times its weight. */
function naiveBlur(
  at: (x: number, y: number, channel: number) => number,
  size: Size,
  across: boolean,
): Uint8Array {
  const radius = blurRadius(size);
  const result = new Uint8Array(size.width * size.height * 4);
  for (let y = 0; y < size.height; y += 1)
    for (let x = 0; x < size.width; x += 1)
      for (let channel = 0; channel < 4; channel += 1) {
        let sum = 0;
        for (let k = -radius; k <= radius; k += 1) {
          const nx = Math.min(Math.max(across ? x + k : x, 0), size.width - 1);
          const ny = Math.min(Math.max(across ? y : y + k, 0), size.height - 1);
          sum += at(nx, ny, channel) * (radius + 1 - Math.abs(k));
        }
        result[(y * size.width + x) * 4 + channel] = Math.floor(sum / (radius + 1) ** 2 + 0.5);
      }
  return result;
}

function run(name: string, pixels: Pixels, size: Size): void {
  PASSES.find((pass) => pass.name === name)?.run(pixels, size, { top: 0, bottom: size.height });
}

describe.each(SIZES)('on a picture of $width x $height', (size) => {
  it('blur across weighs each neighbour in its row, colours times alpha', () => {
    const pixels = noisyPixels(size);
    const { source } = pixels;
    const expected = naiveBlur(
      (x, y, channel) => {
        const i = (y * size.width + x) * 4;
        const alpha = source[i + 3] ?? 0;
        return channel === 3 ? alpha : Math.floor(((source[i + channel] ?? 0) * alpha + 127) / 255);
      },
      size,
      true,
    );
    run('blur across', pixels, size);
    expect(Buffer.compare(pixels.ping, expected)).toBe(0);
  });

  it('blur down weighs each neighbour in its column', () => {
    const pixels = noisyPixels(size);
    const { ping } = pixels;
    const expected = naiveBlur((x, y, channel) => ping[(y * size.width + x) * 4 + channel] ?? 0, size, false);
    run('blur down', pixels, size);
    expect(Buffer.compare(pixels.pong, expected)).toBe(0);
  });

  it('bands one after the other, in any order, give what the whole picture gives', () => {
    const whole = noisyPixels(size);
    runPasses(whole, size);
    for (const count of [2, 3, 16]) {
      const banded = noisyPixels(size);
      for (const pass of PASSES)
        for (const band of bandsOf(size.height, count).reverse()) pass.run(banded, size, band);
      expect(Buffer.compare(banded[OUTPUT], whole[OUTPUT])).toBe(0);
    }
  });

  it('the result depends on nothing but the source: garbage in the other buffers does not show', () => {
    const first = noisyPixels(size, 1);
    const second = noisyPixels(size, 2);
    second.source.set(first.source);
    runPasses(first, size);
    runPasses(second, size);
    expect(Buffer.compare(first[OUTPUT], second[OUTPUT])).toBe(0);
  });

  it.each(PASSES)('$name writes its own band of its own buffer and nothing else', (pass) => {
    const { reads, writes } = pass;
    const pixels = noisyPixels(size);
    const before = structuredClone(pixels);
    const band = { top: Math.floor(size.height / 3), bottom: Math.ceil(size.height / 2) };
    pass.run(pixels, size, band);
    for (const name of BUFFER_NAMES) {
      const row = pixels[name].length / size.height;
      const outside = (buffer: Uint8Array): Uint8Array[] =>
        name === writes ? [buffer.subarray(0, band.top * row), buffer.subarray(band.bottom * row)] : [buffer];
      for (const [index, part] of outside(pixels[name]).entries())
        expect(Buffer.compare(part, outside(before[name])[index] ?? part)).toBe(0);
    }
    expect(reads.length).toBeGreaterThan(0);
  });
});

describe('the look of it', () => {
  const size: Size = { width: 40, height: 40 };

  it('a picture of one colour has no outlines and stays of one colour', () => {
    const pixels = noisyPixels(size);
    for (let i = 0; i < pixels.source.length; i += 4) pixels.source.set([200, 120, 40, 255], i);
    runPasses(pixels, size);
    expect(pixels.edges.every((value) => value === 0)).toBe(true);
    expect(new Set(new Uint32Array(pixels[OUTPUT].slice().buffer)).size).toBe(1);
  });

  it('an outline is found where dark meets light, and nowhere else', () => {
    const pixels = noisyPixels(size);
    for (let i = 0; i < pixels.source.length; i += 4) {
      const value = (i / 4) % size.width < 20 ? 20 : 220;
      pixels.source.set([value, value, value, 255], i);
    }
    runPasses(pixels, size);
    const row = [...pixels.edges.subarray(10 * size.width, 11 * size.width)];
    expect(row.map((value, x) => (value > 0 ? x : -1)).filter((x) => x >= 0)).toEqual([19, 20]);
  });

  it('keeps alpha as it was', () => {
    const pixels = noisyPixels(size);
    runPasses(pixels, size);
    for (let i = 3; i < pixels.source.length; i += 4) expect(pixels[OUTPUT][i]).toBe(pixels.source[i]);
  });
});
