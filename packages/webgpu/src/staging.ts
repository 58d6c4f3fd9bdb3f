import { STAMP_BYTES, type Stamps } from './stamps.js';

const MAP_READ = 1;
const COPY_DST = 8;

/** A buffer of a ring: the data, and behind it the stamp of the copy that filled it last. */
export class Staging {
  /** What the copies go to. */
  buffer: GPUBuffer;
  /** Where the stamp is. */
  readonly stampOffset: number;
  readonly #device: GPUDevice;
  /** The stamp of the present use. */
  stamp = 0;
  /** The stamp that was seen last: what the buffer holds is this one, or a later one that nobody looked at. */
  #seen = 0;

  constructor(device: GPUDevice, byteLength: number) {
    this.#device = device;
    this.stampOffset = Math.ceil(byteLength / STAMP_BYTES) * STAMP_BYTES;
    this.buffer = this.#create();
  }

  /** Begins a use: its stamp is none that the buffer can hold. */
  begin(stamps: Stamps): void {
    this.stamp = stamps.next(this.stamp);
    if (this.stamp !== this.#seen) return;
    // All other stamps went out since somebody last looked, so any of them may be in there. A new buffer holds none of them.
    this.buffer.destroy();
    this.buffer = this.#create();
  }

  /** The stamp of the present use was found. */
  confirm(): void {
    this.#seen = this.stamp;
  }

  #create(): GPUBuffer {
    const size = this.stampOffset + STAMP_BYTES;
    return this.#device.createBuffer({ label: 'read-back', size, usage: MAP_READ | COPY_DST });
  }
}
