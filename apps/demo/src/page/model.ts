import type { TimelineData } from '#page/data.js';

/** How a fence ended; the worse, the larger: what is drawn where several share a pixel. */
export const STATE = { SIGNALED: 0, PENDING: 1, CANCELED: 2, FAILED: 3 } as const;

/** One of {@link STATE}. */
export type State = (typeof STATE)[keyof typeof STATE];

/** A row of bars that do not overlap, by start. */
export type Row = Int32Array;

/** One timeline on the page. */
export interface Lane {
  readonly name: string;
  /** Work, from its start to its end. */
  readonly rows: readonly Row[];
  /** The same fences while they were queued. */
  readonly queueRows: readonly Row[];
  /** Waits for its fences, merged: pairs of start and end. */
  readonly waits: Float64Array;
}

/** Queued fences are thin lines below each other; more than this many share the last. */
const MOST_QUEUE_ROWS = 6;

/** The recording, laid out for drawing: numbers in flat arrays, fences in rows. */
export class TimelineModel {
  readonly data: TimelineData;
  readonly count: number;
  readonly durationMs: number;
  readonly queued: Float64Array;
  /** Start of the bar; a fence whose work never began has a bar of no length at its signal. */
  readonly start: Float64Array;
  /** End of the bar: when the work was over, which the fence may have told a little later. */
  readonly end: Float64Array;
  readonly signaled: Float64Array;
  readonly state: Uint8Array;
  readonly frame: Int32Array;
  readonly lanes: readonly Lane[];
  /** Where each fence's bar is: lane and row. */
  readonly laneOf: Int32Array;
  readonly rowOf: Int32Array;
  readonly neededBy: readonly (readonly number[])[];
  readonly #searchText: readonly string[];

  constructor(data: TimelineData) {
    const { fences, durationMs } = data;
    this.data = data;
    this.count = fences.name.length;
    this.durationMs = Math.max(durationMs, 0.001);
    this.queued = Float64Array.from(fences.queued);
    this.signaled = Float64Array.from(fences.signaled, (time) => time ?? this.durationMs);
    this.end = Float64Array.from(fences.ended, (time, index) => {
      const signaled = this.signaled[index] ?? 0;
      return fences.started[index] === null ? signaled : Math.min(time ?? signaled, signaled);
    });
    this.start = Float64Array.from(fences.started, (time, index) =>
      Math.min(time ?? this.end[index] ?? 0, this.end[index] ?? 0),
    );
    this.state = Uint8Array.from(fences.name, (_, index) => stateOf(data, index));
    this.frame = Int32Array.from(fences.frame);
    this.laneOf = Int32Array.from(fences.lane);
    this.rowOf = new Int32Array(this.count);
    this.lanes = data.lanes.map((name, lane) => this.#layOut(name, lane));
    const neededBy: number[][] = Array.from({ length: this.count }, () => []);
    for (const [number, dependencies] of fences.dependsOn.entries())
      for (const on of dependencies) neededBy[on]?.push(number);
    this.neededBy = neededBy;
    this.#searchText = fences.name.map((name, index) =>
      `${name} ${fences.label[index] ?? ''} ${fences.error[index] ?? ''}`.toLowerCase(),
    );
  }

  /** What a fence depends on. */
  dependsOn(number: number): readonly number[] {
    return this.data.fences.dependsOn[number] ?? [];
  }

  /**
   * Finds fences by any part of name, label or error; several words must all be there.
   *
   * @returns their numbers by time; every fence for an empty text
   */
  search(text: string): number[] {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const found = [...this.#searchText.keys()].filter((number) =>
      words.every((word) => this.#searchText[number]?.includes(word)),
    );
    return found.sort((a, b) => this.#at(a) - this.#at(b));
  }

  /** The fence before or after one in its lane, by time; itself at the end. */
  neighbour(number: number, step: 1 | -1): number {
    const lane = this.laneOf[number];
    let best = number;
    for (let other = 0; other < this.count; other += 1) {
      if (this.laneOf[other] !== lane || other === number) continue;
      const ahead = this.#order(other, number) * step > 0;
      if (ahead && (best === number || this.#order(other, best) * step < 0)) best = other;
    }
    return best;
  }

  /** The fence of a lane whose bar is nearest to a time; -1: the lane is empty. */
  nearest(lane: number, time: number): number {
    let best = -1;
    let distance = Infinity;
    for (let number = 0; number < this.count; number += 1) {
      if (this.laneOf[number] !== lane) continue;
      const away = Math.max(this.#at(number) - time, time - (this.end[number] ?? 0), 0);
      if (away < distance) [best, distance] = [number, away];
    }
    return best;
  }

  #at(number: number): number {
    return this.start[number] ?? 0;
  }

  #order(a: number, b: number): number {
    return this.#at(a) - this.#at(b) || a - b;
  }

  #layOut(name: string, lane: number): Lane {
    const members = [...this.laneOf.keys()].filter((number) => this.laneOf[number] === lane);
    const rows = packRows(members, this.start, this.end, Infinity);
    for (const [row, numbers] of rows.entries()) for (const number of numbers) this.rowOf[number] = row;
    const waited = members.filter((number) => (this.start[number] ?? 0) > (this.queued[number] ?? 0));
    return {
      name,
      rows: rows.length > 0 ? rows : [new Int32Array()],
      queueRows: packRows(waited, this.queued, this.start, MOST_QUEUE_ROWS),
      waits: mergedWaits(this.data, lane),
    };
  }
}

/** The first number in a row whose bar ends at or after a time: where drawing begins. */
export function firstVisible(row: Row, end: Float64Array, time: number): number {
  let [low, high] = [0, row.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((end[row[middle] ?? 0] ?? 0) < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function stateOf({ fences }: TimelineData, index: number): State {
  const error = fences.error[index];
  if (error?.startsWith('ECANCELED') === true) return STATE.CANCELED;
  if (error !== null) return STATE.FAILED;
  return fences.signaled[index] === null ? STATE.PENDING : STATE.SIGNALED;
}

/** Puts each into the first row that is free at its start; what finds none shares the last. */
function packRows(members: readonly number[], start: Float64Array, end: Float64Array, most: number): Row[] {
  const rows: number[][] = [];
  const freeAt: number[] = [];
  const ordered = [...members].sort((a, b) => (start[a] ?? 0) - (start[b] ?? 0) || a - b);
  for (const number of ordered) {
    const from = start[number] ?? 0;
    let row = freeAt.findIndex((time) => time <= from);
    if (row === -1) row = Math.min(freeAt.length, most - 1);
    (rows[row] ??= []).push(number);
    freeAt[row] = Math.max(freeAt[row] ?? 0, end[number] ?? 0);
  }
  return rows.map((row) => Int32Array.from(row));
}

function mergedWaits({ waits, fences, durationMs }: TimelineData, lane: number): Float64Array {
  const merged: number[] = [];
  for (const [wait, fence] of waits.fence.entries()) {
    if (fences.lane[fence] !== lane) continue;
    const from = waits.start[wait] ?? 0;
    const to = waits.end[wait] ?? durationMs;
    const last = merged.length - 1;
    if (last > 0 && from <= (merged[last] ?? 0)) merged[last] = Math.max(merged[last] ?? 0, to);
    else merged.push(from, to);
  }
  return Float64Array.from(merged);
}
