import type { LockdepReport } from '@dma-fence/core/lockdep';
import Table from 'cli-table3';
import { relative } from 'node:path';
import pc from 'picocolors';
import type { HandOver } from '../pipeline/hand-over.js';
import type { Options } from './options.js';
import type { FrameResult, PipelineResult } from '../pipeline/pipeline.js';
import type { RaceResult } from '../pipeline/race.js';
import type { SentTrace } from '../trace/run-trace.js';
import { printable } from './printable.js';
import { wrap } from './wrap.js';

/** All that is known after a run. */
export interface Report extends PipelineResult {
  readonly options: Options;
  /** What was named and could not be read, one line each, fit to be shown; the frames are all the others. */
  readonly unreadable: readonly string[];
  /** How much in the folders that were named is no picture by its name. */
  readonly leftOut: number;
  readonly output: string;
  /** The page with the fences' timeline. */
  readonly timeline: string;
  /** The trace file, if one was asked for. */
  readonly trace: string | undefined;
  /** The trace that went to a collector, if one was asked for. */
  readonly sent: SentTrace | undefined;
  readonly race: RaceResult | undefined;
  /** What the validator found; undefined: it did not run. */
  readonly findings: readonly LockdepReport[] | undefined;
  /** What went wrong and was dealt with, in order. */
  readonly news: readonly string[];
}

/** Whether every picture was read, was finished and is the reference's, byte for byte, and the validator found nothing. */
export function isRight({ frames, unreadable, findings = [] }: Report): boolean {
  return unreadable.length === 0 && areRight(frames) && findings.length === 0;
}

function areRight(frames: readonly FrameResult[]): boolean {
  return frames.every(({ wrongPixels }) => wrongPixels === 0);
}

/** The report as JSON: one object, milliseconds and pixels as numbers, absent things as null. */
export function jsonReport(report: Report): string {
  const {
    frames,
    engines,
    mishaps,
    race,
    findings,
    timeline,
    trace,
    sent,
    news,
    output,
    inFlight,
    elapsedMs,
    options,
    unreadable,
    leftOut,
  } = report;
  const document = {
    ok: isRight(report),
    fences: options.fences,
    chaos: options.chaos ?? null,
    output,
    inFlight,
    elapsedMs,
    pictures: frames.map(({ name, size, wrongPixels, attempts, path, failure }) => ({
      name,
      ...size,
      wrongPixels: wrongPixels ?? null,
      attempts,
      path: path ?? null,
      failure: failure ?? null,
    })),
    unreadable,
    leftOut,
    engines,
    mishaps,
    race: race ?? null,
    validator: findings?.map(({ kind, title, text }) => ({ kind, title, text })) ?? null,
    timeline,
    trace: trace ?? null,
    otlp: sent ?? null,
    news,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/**
 * The report for people.
 *
 * @param colour - whether the reader's terminal shows colours
 * @param columns - how wide it is; lines stay whole where nobody knows
 */
export function textReport(report: Report, colour: boolean, columns?: number): string {
  const paint = pc.createColors(colour);
  const { race, findings, sent } = report;
  const fit = (line: string): string => wrap(line, columns ?? Infinity);
  const fitAll = (text: string): string => text.split('\n').map(fit).join('\n');
  const verdict = fit(verdictOf(report));
  const sections = [
    [engineTable(report, paint.bold, columns)],
    race === undefined ? [] : [handOverTable(race.handOver, paint.bold, columns)],
    [
      areRight(report.frames) ? paint.green(verdict) : paint.red(verdict),
      ...troubles(report).map(fit),
      ...(race === undefined ? [] : [fit(raceLine(race))]),
    ],
    inputLines(report).map((line) => paint.red(fit(line))),
    validatorLines(findings, paint.red).map(fitAll),
    [...written(report), ...(sent === undefined ? [] : [sentLine(sent)])].map(fit),
  ];
  const said = sections.filter((lines) => lines.length > 0);
  return `${said.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** What was named and is not among the pictures. */
function inputLines({ unreadable, leftOut }: Report): string[] {
  const rest =
    leftOut === 0
      ? []
      : [
          `Left out of the folders, since their names are not those of pictures: ${counted(leftOut, 'entry', 'entries')}.`,
        ];
  if (unreadable.length === 0) return rest;
  return [
    `${counted(unreadable.length, 'picture')} could not be read:`,
    ...unreadable.map((line) => `  ${line}`),
    ...rest,
  ];
}

/**
 * Columns without lines between them; the first is words, the others are figures. A table that is wider than the
 * terminal becomes a list, a figure a line.
 */
function tableOf(
  head: readonly string[],
  rows: readonly string[][],
  bold: (text: string) => string,
  columns = Infinity,
): string {
  const widths = head.map((name, column) =>
    Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  if (widths.reduce((sum, width) => sum + width + 2, -2) > columns) return listOf(head, rows, bold, columns);
  const sides = ['', '-left', '-mid', '-right'].flatMap((side) =>
    ['top', 'mid', 'bottom'].map((at) => at + side),
  );
  const none = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle', ...sides];
  const table = new Table({
    head: head.map(bold),
    colAligns: head.map((_, column) => (column === 0 ? 'left' : 'right')),
    chars: Object.fromEntries(none.map((name) => [name, ''])),
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  table.push(...rows);
  return table.toString().replaceAll(/ +$/gm, '');
}

function listOf(
  head: readonly string[],
  rows: readonly string[][],
  bold: (text: string) => string,
  columns: number,
): string {
  return rows
    .flatMap(([name = '', ...figures]) => [
      bold(wrap(name, columns)),
      ...figures.map((figure, index) => wrap(`  ${head[index + 1] ?? ''}: ${figure}`, columns)),
    ])
    .join('\n');
}

function engineTable(
  { engines, elapsedMs }: Report,
  bold: (text: string) => string,
  columns?: number,
): string {
  const rows = engines.map(({ name, jobs, busyMs, waitingMs, longestStallMs, restarts }) => [
    name,
    String(jobs),
    duration(busyMs),
    `${String(Math.round((busyMs / elapsedMs) * 100))} %`,
    duration(waitingMs),
    duration(longestStallMs),
    String(restarts),
  ]);
  const head = ['engine', 'jobs', 'busy', 'of the run', 'waiting', 'longest stall', 'resets'];
  return tableOf(head, rows, bold, columns);
}

/** What it is worth that an engine waits for another itself. */
function handOverTable(
  { byMessage, byTimeline, measurable }: HandOver,
  bold: (text: string) => string,
  columns?: number,
): string {
  const gain = (before: number, after: number): string =>
    measurable ? `${(before / after).toFixed(1)} times` : 'not measurable';
  const rows = [
    ['by message, through the main thread', duration(byMessage.median), duration(byMessage.p95)],
    ['by shared timeline', duration(byTimeline.median), duration(byTimeline.p95)],
    ['gain', gain(byMessage.median, byTimeline.median), gain(byMessage.p95, byTimeline.p95)],
  ];
  return tableOf(['from engine to engine', 'median', '95 of 100 within'], rows, bold, columns);
}

function verdictOf(report: Report): string {
  const { frames, elapsedMs, inFlight } = report;
  const done = frames.filter(({ wrongPixels }) => wrongPixels !== undefined);
  const wrong = done.filter(({ wrongPixels }) => wrongPixels !== 0);
  const pixels = done.reduce((sum, { size }) => sum + size.width * size.height, 0);
  const pace = `${counted(frames.length, 'picture')}, ${sizeOf(pixels)} in ${duration(elapsedMs)}, up to ${String(inFlight)} in flight`;
  if (areRight(frames)) return `${pace}: byte for byte equal to the single-threaded reference.`;
  const lost = frames.length - done.length;
  const faults = [
    wrong.length > 0
      ? `${counted(wrong.length, 'picture')} ${wrong.length === 1 ? 'differs' : 'differ'} from the single-threaded reference`
      : '',
    lost > 0 ? `${counted(lost, 'picture')} could not be finished` : '',
  ];
  return `${pace}: ${faults.filter((fault) => fault !== '').join(', ')}.`;
}

/** What a reader must know of what went wrong: wrong pixels, lost pictures, and what chaos did. */
function troubles({ frames, mishaps, options }: Report): string[] {
  const lines: string[] = [];
  if (!options.fences) {
    const wrong = frames.reduce((sum, frame) => sum + (frame.wrongPixels ?? 0), 0);
    const all = frames.reduce((sum, { size }) => sum + size.width * size.height, 0);
    const share = ((wrong / all) * 100).toFixed(1);
    lines.push(
      `Without fences ${wrong.toLocaleString('en')} of ${all.toLocaleString('en')} pixels are wrong (${share} %).`,
    );
  }
  for (const frame of frames) {
    const fault = faultOf(frame, options.fences);
    if (fault !== undefined) lines.push(fault);
  }
  if (options.chaos !== undefined) {
    const again = frames.filter(({ attempts }) => attempts > 1).length;
    const { hung, died, threw } = mishaps;
    lines.push(
      `Chaos ${String(options.chaos)}: ${counted(hung, 'job')} hung, ${String(died)} took their engine down, ${String(threw)} threw; ${counted(again, 'picture')} rendered again.`,
    );
  }
  return lines;
}

/** Reports are for reading as they are, in lines that fit a terminal. */
function validatorLines(findings: Report['findings'], red: (text: string) => string): string[] {
  if (findings === undefined) return [];
  if (findings.length === 0) return ['The validator found nothing.'];
  return [
    red(`The validator found ${counted(findings.length, 'thing')}:`),
    ...findings.map(({ text }) => text),
  ];
}

function faultOf({ name, wrongPixels, size, failure }: FrameResult, fences: boolean): string | undefined {
  if (failure !== undefined) return `  ${printable(name)}: ${printable(failure)}`;
  if (wrongPixels === 0) return undefined;
  const share = `${String(wrongPixels)} of ${String(size.width * size.height)} pixels wrong`;
  return fences ? `  ${printable(name)}: ${share}, not delivered` : `  ${printable(name)}: ${share}`;
}

function raceLine({ engines, oneMs, allMs, ratio, disturbance }: RaceResult): string {
  if (disturbance !== undefined)
    return `${counted(engines, 'engine')} against 1: not measurable, since ${disturbance}.`;
  return `${counted(engines, 'engine')} against 1: ${ratio.toFixed(2)} times as fast (${duration(allMs)} instead of ${duration(oneMs)} a megapixel).`;
}

function written({ frames, output, timeline, trace }: Report): string[] {
  const names = frames.flatMap(({ path }) => (path === undefined ? [] : printable(relative(output, path))));
  const list = names.length > 4 ? [names[0], names[1], '…', names.at(-1)] : names;
  const pictures =
    names.length === 0
      ? `No picture was written to ${near(output)}.`
      : `Written to ${near(output)}: ${list.join(', ')}`;
  return [
    pictures,
    `Open to see every fence: ${near(timeline)}`,
    ...(trace === undefined ? [] : [`Trace for Perfetto: ${near(trace)}`]),
  ];
}

/** What became of the trace, in one line. */
export function sentLine({ url, traceId, page, spans, lost, reason, cut }: SentTrace): string {
  const losses =
    lost === 0
      ? ''
      : `; ${counted(lost, 'span')} could not be delivered${reason === undefined ? '' : `: ${reason}`}`;
  const rest = cut ? '; the rest of the run is left out' : '';
  const seen = page === undefined || spans === 0 ? '' : `, in Jaeger: ${page}`;
  return `Trace ${traceId} at ${url}: ${counted(spans, 'span')}${losses}${rest}${seen}.`;
}

/** A path as short as it can be said from here. */
function near(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' ? '.' : printable(short.startsWith('..') ? path : short);
}

function sizeOf(pixels: number): string {
  return pixels < 1e5 ? counted(pixels, 'pixel') : `${(pixels / 1e6).toFixed(1)} megapixels`;
}

function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${String(count)} ${count === 1 ? noun : plural}`;
}

function duration(ms: number): string {
  if (ms > 0 && ms < 1) return `${(ms * 1000).toFixed(0)} µs`;
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}
