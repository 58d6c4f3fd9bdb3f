import type { TimelineData } from '../page/data.js';

/** An entry of the Trace Event Format; times are microseconds. */
interface TraceEvent {
  readonly ph: 'M' | 'X' | 'b' | 'e' | 's' | 'f';
  readonly pid: number;
  readonly tid: number;
  readonly name: string;
  readonly ts?: number;
  readonly dur?: number;
  readonly cat?: string;
  readonly id?: string;
  readonly bp?: 'e';
  readonly args?: Readonly<Record<string, unknown>>;
}

const PID = 1;

/**
 * Writes a recording in the Trace Event Format, which Perfetto and `chrome://tracing` open: a thread a timeline, a
 * slice a fence from the start of its work to its end, its time in the queue as an asynchronous slice, and a flow
 * arrow a dependency.
 *
 * @returns the file's content
 */
export function chromeTrace(data: TimelineData): string {
  const { fences, waits } = data;
  const places = threadsOf(data);
  const events: TraceEvent[] = [
    { ph: 'M', pid: PID, tid: 0, name: 'process_name', args: { name: data.title } },
    ...places.threads.flatMap((name, tid): TraceEvent[] => [
      { ph: 'M', pid: PID, tid, name: 'thread_name', args: { name } },
      { ph: 'M', pid: PID, tid, name: 'thread_sort_index', args: { sort_index: tid } },
    ]),
  ];
  for (const number of fences.name.keys()) {
    const [from, to] = spanOf(data, number);
    const tid = places.threadOf[number] ?? 0;
    const at = { pid: PID, tid, name: fences.label[number] ?? '' };
    const error = fences.error[number] ?? null;
    const pending = fences.signaled[number] === null;
    const args = {
      fence: fences.name[number],
      picture: fences.frame[number],
      pending,
      ...(error !== null && { error }),
    };
    const cat = error === null ? 'fence' : 'fence,failed';
    events.push({ ...at, ph: 'X', cat, ts: micros(from), dur: micros(to) - micros(from), args });
    const queue = { ...at, cat: 'queue', id: `q${String(number)}` };
    events.push(
      { ...queue, ph: 'b', ts: micros(fences.queued[number] ?? 0) },
      { ...queue, ph: 'e', ts: micros(from) },
    );
    for (const on of fences.dependsOn[number] ?? []) {
      const flow = {
        pid: PID,
        name: 'depends on',
        cat: 'dependency',
        id: `d${String(on)}-${String(number)}`,
      };
      // An arrow leaves from inside its slice: a microsecond before the end, or from the start of a shorter one.
      const leaves = Math.max(micros(spanOf(data, on)[0]), micros(spanOf(data, on)[1]) - 1);
      events.push({ ...flow, ph: 's', tid: places.threadOf[on] ?? 0, ts: leaves });
      events.push({ ...flow, ph: 'f', bp: 'e', tid, ts: Math.max(leaves, micros(from)) });
    }
  }
  for (const [wait, fence] of waits.fence.entries()) {
    const at = { pid: PID, tid: places.threadOf[fence] ?? 0, name: `wait for ${fences.label[fence] ?? ''}` };
    const slice = { ...at, cat: 'wait', id: `w${String(wait)}` };
    events.push({
      ...slice,
      ph: 'b',
      ts: micros(waits.start[wait] ?? 0),
      args: { outcome: waits.outcome[wait] },
    });
    events.push({ ...slice, ph: 'e', ts: micros(waits.end[wait] ?? data.durationMs) });
  }
  return `${JSON.stringify({ displayTimeUnit: 'ms', traceEvents: events })}\n`;
}

/** From where to where a fence's slice goes; one whose work never began is a point at its signal. */
function spanOf({ fences, durationMs }: TimelineData, number: number): [from: number, to: number] {
  const signaled = fences.signaled[number] ?? durationMs;
  const to =
    fences.started[number] === null ? signaled : Math.min(fences.ended[number] ?? signaled, signaled);
  return [Math.min(fences.started[number] ?? to, to), to];
}

/**
 * Slices of a thread may only nest, and those of some timelines overlap: such a timeline gets several threads,
 * and each slice the first that is free.
 */
function threadsOf(data: TimelineData): { threads: string[]; threadOf: Int32Array } {
  const { fences, lanes } = data;
  const threadOf = new Int32Array(fences.name.length);
  const threads: string[] = [];
  for (const [lane, name] of lanes.entries()) {
    const members = [...fences.lane.keys()].filter((number) => fences.lane[number] === lane);
    members.sort((a, b) => spanOf(data, a)[0] - spanOf(data, b)[0]);
    const first = threads.length;
    const freeAt: number[] = [];
    for (const number of members) {
      const [from, to] = spanOf(data, number);
      const free = freeAt.findIndex((time) => time <= from);
      const row = free === -1 ? freeAt.length : free;
      freeAt[row] = to;
      threadOf[number] = first + row;
    }
    threads.push(...freeAt.map((_, row) => (row === 0 ? name : `${name} (${String(row + 1)})`)));
  }
  return { threads, threadOf };
}

function micros(ms: number): number {
  return Math.round(ms * 1000);
}
