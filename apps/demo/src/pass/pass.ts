import { blurAcross, blurDown } from './blur.js';
import { findEdges } from './edge.js';
import type { Band, BufferName, Pixels, Size } from '../picture/surface.js';
import { composite, toneCurve } from './tone.js';

/** One step of the picture work: which buffers it reads, which it writes, and how. */
export interface Pass {
  readonly name: string;
  readonly reads: readonly BufferName[];
  readonly writes: BufferName;
  /** Does the rows of `band`; may read other rows of what it only reads. */
  run(pixels: Pixels, size: Size, band: Band): void;
}

/**
 * The passes of a frame in order. `ping` is written twice and `pong` is changed in place, so that every
 * kind of hazard is there: read after write, write after read, write after write.
 */
export const PASSES: readonly Pass[] = [
  { name: 'blur across', reads: ['source'], writes: 'ping', run: blurAcross },
  { name: 'edges', reads: ['source'], writes: 'edges', run: findEdges },
  { name: 'blur down', reads: ['ping'], writes: 'pong', run: blurDown },
  { name: 'tone', reads: ['pong'], writes: 'pong', run: toneCurve },
  { name: 'composite', reads: ['source', 'pong', 'edges'], writes: 'ping', run: composite },
];

/** The buffer in which the last pass leaves the finished picture. */
export const OUTPUT: BufferName = 'ping';

/** All passes over a whole picture, one after the other on the calling thread: the reference. */
export function runPasses(pixels: Pixels, size: Size): void {
  const whole: Band = { top: 0, bottom: size.height };
  for (const pass of PASSES) pass.run(pixels, size, whole);
}
