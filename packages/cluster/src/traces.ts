import type { TraceCarrier } from '@dma-fence/core';
import { TRACES, type TimelineRecord, type TraceEntry } from './record.js';

/** What a tracer leaves for a fence: trace id 16, span id 8, flags 1. */
const BYTES = 25;

/**
 * Takes what tracers know of a value to the other machines: what the owner's process leaves travels in the record.
 *
 * Only the owner writes the record, so only what is said in its process travels.
 */
export class Traces implements TraceCarrier {
  /** Offered here, not yet in the record; the newest few. */
  #offered = new Map<number, string>();
  #known: TimelineRecord | undefined;
  /** Called when there is something to write; set while this process owns the timeline. */
  onOffer: (() => void) | undefined;

  /** What the record says counts. */
  learn(record: TimelineRecord): void {
    this.#known = record;
  }

  offer(value: number, bytes: Uint8Array): boolean {
    if (this.onOffer === undefined || bytes.length !== BYTES || this.#find(value) !== undefined) return false;
    this.#offered.set(value, btoa(String.fromCharCode(...bytes)));
    if (this.#offered.size > TRACES) this.#offered.delete(Math.min(...this.#offered.keys()));
    this.onOffer();
    return true;
  }

  read(value: number): Uint8Array | undefined {
    const found = this.#find(value);
    if (found === undefined) return undefined;
    try {
      const bytes = Uint8Array.from(atob(found), (char) => char.charCodeAt(0));
      return bytes.length === BYTES ? bytes : undefined;
    } catch {
      // No timeline has written this.
      return undefined;
    }
  }

  /** What the next write takes along. */
  pending(): TraceEntry[] {
    return [...this.#offered];
  }

  /** These were written. */
  written(entries: readonly TraceEntry[]): void {
    for (const [value] of entries) this.#offered.delete(value);
  }

  #find(value: number): string | undefined {
    return this.#offered.get(value) ?? this.#known?.traces.find(([of]) => of === value)?.[1];
  }
}
