/** Width and height of a picture in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The largest picture that is taken. */
export const MAX_PIXELS = 50_000_000;

/** A stretch of rows: from `top`, up to but not including `bottom`. */
export interface Band {
  readonly top: number;
  readonly bottom: number;
}

/** The few buffers that all passes share; `output` of a frame is what the last pass left in `ping`. */
export const BUFFER_NAMES = ['source', 'ping', 'pong', 'edges'] as const;

/** Name of one of a surface's buffers. */
export type BufferName = (typeof BUFFER_NAMES)[number];

/** The pixels of a surface as a pass sees them: RGBA, but one byte a pixel in `edges`. */
export type Pixels = Readonly<Record<BufferName, Uint8Array>>;

/** The same memory as it travels to another thread. */
export type SharedPixels = Readonly<Record<BufferName, SharedArrayBuffer>>;

/** Bytes of one pixel, by buffer. */
export const BYTES_PER_PIXEL: Readonly<Record<BufferName, number>> = {
  source: 4,
  ping: 4,
  pong: 4,
  edges: 1,
};

/** Bytes that one surface needs for each pixel. */
export const SURFACE_BYTES_PER_PIXEL: number = BUFFER_NAMES.reduce(
  (sum, name) => sum + BYTES_PER_PIXEL[name],
  0,
);

/**
 * Allocates the shared memory of one surface.
 *
 * @param pixels - the largest number of pixels that a picture on this surface will have
 */
export function allocateSurface(pixels: number): SharedPixels {
  const shared = {} as Record<BufferName, SharedArrayBuffer>;
  for (const name of BUFFER_NAMES) shared[name] = new SharedArrayBuffer(pixels * BYTES_PER_PIXEL[name]);
  return shared;
}

/** Views of a surface, cut to a picture's size: a surface may be larger than the picture on it. */
export function pixelsOf(shared: SharedPixels, size: Size): Pixels {
  const pixels = {} as Record<BufferName, Uint8Array>;
  for (const name of BUFFER_NAMES)
    pixels[name] = new Uint8Array(shared[name], 0, size.width * size.height * BYTES_PER_PIXEL[name]);
  return pixels;
}

/**
 * Cuts a picture into bands of nearly the same number of rows.
 *
 * @param height - rows of the picture
 * @param count - bands wanted; a picture with fewer rows than that gets a band a row
 */
export function bandsOf(height: number, count: number): Band[] {
  const bands = Math.min(height, count);
  return Array.from({ length: bands }, (_, index) => ({
    top: Math.floor((height * index) / bands),
    bottom: Math.floor((height * (index + 1)) / bands),
  }));
}
