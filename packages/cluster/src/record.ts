import type { FenceErrorCode } from '@dma-fence/core';
import { isCode } from './failure.js';

/*
 * The record: everything that machines agree on about one timeline, in one key of the engine, changed by compare-and-set only.
 *
 *     value      the last finished value
 *     errors     which of the finished ones failed, and how: a bounded list of ranges, ascending
 *     forgotten  results up to here are unknown unless `errors` still has them
 *     owner      who may say more, by its lease; `term` counts owners
 *     canceled   nobody says more; everything above `value` failed with it
 *
 * Value and errors stand in one record, so that one read never sees one without the other. Every function here is pure.
 */

/** A run of values that failed alike. */
export type ErrorRange = readonly [from: number, to: number, code: FenceErrorCode];

/** What tracers of other machines need to know of a value: 25 bytes, as base64. */
export type TraceEntry = readonly [value: number, bytes: string];

export interface TimelineRecord {
  /** Made with the record. Another one means that the record was lost and made anew. */
  readonly incarnation: string;
  /** How often it was written: with the incarnation it names a state. */
  readonly writes: number;
  readonly value: number;
  /** The lease of who may say more. */
  readonly owner: string | undefined;
  /** How many owners there were, this one included. */
  readonly term: number;
  readonly errors: readonly ErrorRange[];
  readonly forgotten: number;
  readonly canceled: FenceErrorCode | undefined;
  /** How many ranges `errors` may have. */
  readonly errorSlots: number;
  /** The newest few, ascending. */
  readonly traces: readonly TraceEntry[];
}

/** Everything up to `to` that is not finished yet succeeds, or fails with `code`. */
export interface Step {
  readonly to: number;
  readonly code: FenceErrorCode | undefined;
}

/** How many values' trace contexts a record keeps. */
export const TRACES = 16;

export function newRecord(incarnation: string, errorSlots: number): TimelineRecord {
  return {
    incarnation,
    writes: 1,
    value: 0,
    owner: undefined,
    term: 0,
    errors: [],
    forgotten: 0,
    canceled: undefined,
    errorSlots,
    traces: [],
  };
}

/** The record after its owner has finished steps, ascending. A step that is behind the value changes nothing. */
export function reached(record: TimelineRecord, steps: readonly Step[]): TimelineRecord {
  const errors = [...record.errors];
  let { value, forgotten } = record;
  for (const { to, code } of steps) {
    if (to <= value) continue;
    if (code !== undefined) {
      const last = errors.at(-1);
      if (last?.[1] === value && last[2] === code) errors[errors.length - 1] = [last[0], to, code];
      else errors.push([value + 1, to, code]);
    }
    value = to;
  }
  while (errors.length > record.errorSlots) forgotten = (errors.shift() as ErrorRange)[1];
  return { ...record, writes: record.writes + 1, value, errors, forgotten };
}

/** The record with a new owner, who goes on above whatever the last one owed. */
export function owned(record: TimelineRecord, lease: string): TimelineRecord {
  return { ...record, writes: record.writes + 1, owner: lease, term: record.term + 1 };
}

/** The record after its owner died or gave up: what was reserved and not finished failed with ECANCELED. */
export function ownerless(record: TimelineRecord, reserved: number): TimelineRecord {
  return { ...reached(record, [{ to: reserved, code: 'ECANCELED' }]), owner: undefined };
}

/** The record after its owner has ended it for everybody. */
export function canceledWith(record: TimelineRecord, code: FenceErrorCode): TimelineRecord {
  return { ...record, writes: record.writes + 1, owner: undefined, canceled: code };
}

/** The record with trace contexts of its owner's; only the newest stay. */
export function traced(record: TimelineRecord, traces: readonly TraceEntry[]): TimelineRecord {
  if (traces.length === 0) return record;
  const all = new Map([...record.traces, ...traces]);
  const newest = [...all].sort(([a], [b]) => a - b).slice(-TRACES);
  return { ...record, traces: newest };
}

/** What became of a finished value: undefined for a success, `EIO` where nobody knows any more. */
export function resultOf(record: TimelineRecord, value: number): FenceErrorCode | undefined {
  const { errors } = record;
  let low = 0;
  let high = errors.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((errors[middle] as ErrorRange)[1] < value) low = middle + 1;
    else high = middle;
  }
  const range = errors[low];
  if (range !== undefined && range[0] <= value) return range[2];
  return value <= record.forgotten ? 'EIO' : undefined;
}

/** What became of all finished values above `from`, as steps, ascending. */
export function stepsAbove(record: TimelineRecord, from: number): Step[] {
  const steps: Step[] = [];
  let at = from;
  const go = (to: number, code: FenceErrorCode | undefined): void => {
    if (to <= at) return;
    steps.push({ to, code });
    at = to;
  };
  const gap = (to: number): void => {
    go(Math.min(to, record.forgotten), 'EIO');
    go(to, undefined);
  };
  for (const [first, last, code] of record.errors) {
    gap(first - 1);
    go(last, code);
  }
  gap(record.value);
  return steps;
}

const encoder = /* @__PURE__ */ new TextEncoder();

/** A record as it is stored: JSON, which people read while they look for a fault. */
export function encode(record: TimelineRecord): Uint8Array {
  return encoder.encode(JSON.stringify({ v: 1, ...record }));
}

/** A stored record; undefined for anything that no timeline has written. */
export function decode(data: Uint8Array): TimelineRecord | undefined {
  let found: Record<string, unknown>;
  try {
    found = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data)) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (typeof found !== 'object' || (found as unknown) === null || found['v'] !== 1) return undefined;
  const { incarnation, writes, value, owner, term, errors, forgotten, canceled, errorSlots, traces } = found;
  if (typeof incarnation !== 'string' || incarnation === '') return undefined;
  if (owner !== undefined && typeof owner !== 'string') return undefined;
  if (![writes, value, term, forgotten, errorSlots].every(isNumber)) return undefined;
  if (!Array.isArray(errors) || !Array.isArray(traces) || !traces.every(isTrace)) return undefined;
  const ranges = readRanges(errors as unknown[], value as number);
  if (ranges === undefined) return undefined;
  return {
    incarnation,
    writes: writes as number,
    value: value as number,
    owner,
    term: term as number,
    errors: ranges,
    forgotten: forgotten as number,
    canceled: canceled === undefined ? undefined : codeFrom(canceled),
    errorSlots: errorSlots as number,
    traces: traces as TraceEntry[],
  };
}

/** Ranges must ascend and stay below the value; anything else would tell different readers different results. */
function readRanges(found: unknown[], value: number): ErrorRange[] | undefined {
  const ranges: ErrorRange[] = [];
  let last = 0;
  for (const range of found) {
    if (!Array.isArray(range)) return undefined;
    const [from, to, code] = range as unknown[];
    if (!isNumber(from) || !isNumber(to) || from <= last || to < from || to > value) return undefined;
    ranges.push([from, to, codeFrom(code)]);
    last = to;
  }
  return ranges;
}

/** A code that this version does not know is a failure all the same. */
function codeFrom(code: unknown): FenceErrorCode {
  return isCode(code) ? code : 'EIO';
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isTrace(entry: unknown): boolean {
  return Array.isArray(entry) && isNumber(entry[0]) && typeof entry[1] === 'string';
}
