import { parentPort } from 'node:worker_threads';
import { OUTPUT, runPasses } from '../pass/pass.js';
import { BUFFER_NAMES, BYTES_PER_PIXEL, type Pixels, type Size } from './surface.js';

/** A picture to be rendered by the reference. */
export interface ReferenceRequest {
  readonly id: number;
  readonly source: SharedArrayBuffer;
  readonly size: Size;
}

/** What the reference makes of it: RGBA. */
export interface ReferenceReply {
  readonly id: number;
  readonly result: Uint8Array<ArrayBuffer>;
}

/*
 * The reference: all passes over the whole picture, one after the other, in one thread, in memory of its own.
 */
parentPort?.on('message', ({ id, source, size }: ReferenceRequest) => {
  const pixels: Record<string, Uint8Array> = { source: new Uint8Array(source) };
  for (const name of BUFFER_NAMES)
    pixels[name] ??= new Uint8Array(size.width * size.height * BYTES_PER_PIXEL[name]);
  runPasses(pixels as Pixels, size);
  const result = pixels[OUTPUT] as Uint8Array<ArrayBuffer>;
  const reply: ReferenceReply = { id, result };
  parentPort?.postMessage(reply, [result.buffer]);
});
