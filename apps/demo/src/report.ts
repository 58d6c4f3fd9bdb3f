import type { LockdepReport } from '@dma-fence/core/lockdep';
import Table from 'cli-table3';
import { relative } from 'node:path';
import pc from 'picocolors';
import type { HandOver } from './hand-over.js';
import type { Options } from './options.js';
import type { FrameResult, PipelineResult } from './pipeline.js';
import type { RaceResult } from './race.js';
import type { SentTrace } from './run-trace.js';

/** All that is known after a run. */
export interface Report extends PipelineResult {
  readonly options: Options;
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

/** Whether every picture was finished and is the reference's, byte for byte, and the validator found nothing. */
export function isRight({ frames, findings = [] }: Report): boolean {
  return areRight(frames) && findings.length === 0;
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
 */
export function textReport(report: Report, colour: boolean): string {
  const paint = pc.createColors(colour);
  const verdict = areRight(report.frames) ? paint.green(verdictOf(report)) : paint.red(verdictOf(report));
  const parts = [
    engineTable(report, paint.bold),
    handOverTable(report.race?.handOver, paint.bold),
    verdict,
    ...troubles(report),
    ...validatorLines(report.findings, paint.red),
    raceLine(report.race),
    written(report),
    sentLine(report.sent),
  ];
  return `${parts.filter((part) => part !== '').join('\n')}\n`;
}

function engineTable({ engines, elapsedMs }: Report, bold: (text: string) => string): string {
  const table = new Table({
    head: ['engine', 'jobs', 'busy', 'of the run', 'waiting', 'longest stall', 'resets'].map(bold),
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { name, jobs, busyMs, waitingMs, longestStallMs, restarts } of engines)
    table.push([
      name,
      String(jobs),
      duration(busyMs),
      `${String(Math.round((busyMs / elapsedMs) * 100))} %`,
      duration(waitingMs),
      duration(longestStallMs),
      String(restarts),
    ]);
  return table.toString();
}

/** What it is worth that an engine waits for another itself. */
function handOverTable(handOver: HandOver | undefined, bold: (text: string) => string): string {
  if (handOver === undefined) return '';
  const { byMessage, byTimeline } = handOver;
  const table = new Table({
    head: ['from engine to engine', 'median', '95 of 100 within'].map(bold),
    colAligns: ['left', 'right', 'right'],
    style: { head: [], border: [] },
  });
  const gain = (before: number, after: number): string => `${(before / after).toFixed(1)} times`;
  table.push(
    ['by message, through the main thread', duration(byMessage.median), duration(byMessage.p95)],
    ['by shared timeline', duration(byTimeline.median), duration(byTimeline.p95)],
    ['gain', gain(byMessage.median, byTimeline.median), gain(byMessage.p95, byTimeline.p95)],
  );
  return table.toString();
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
  if (failure !== undefined) return `  ${name}: ${failure}`;
  if (wrongPixels === 0) return undefined;
  const share = `${String(wrongPixels)} of ${String(size.width * size.height)} pixels wrong`;
  return fences ? `  ${name}: ${share}, not delivered` : `  ${name}: ${share}`;
}

function raceLine(race: RaceResult | undefined): string {
  if (race === undefined) return '';
  const { engines, oneMs, allMs, ratio } = race;
  return `${counted(engines, 'engine')} against 1: ${ratio.toFixed(2)} times as fast (a picture of 1 megapixel in ${duration(allMs)} instead of ${duration(oneMs)}).`;
}

function written({ frames, output, timeline, trace }: Report): string {
  const names = frames.flatMap(({ path }) => (path === undefined ? [] : relative(output, path)));
  const list = names.length > 4 ? [names[0], names[1], '…', names.at(-1)] : names;
  const pictures =
    names.length === 0
      ? `No picture was written to ${near(output)}.`
      : `Written to ${near(output)}: ${list.join(', ')}`;
  const traced = trace === undefined ? '' : `\nTrace for Perfetto: ${near(trace)}`;
  return `${pictures}\nOpen to see every fence: ${near(timeline)}${traced}`;
}

function sentLine(sent: SentTrace | undefined): string {
  if (sent === undefined) return '';
  const { url, traceId, spans, lost, cut } = sent;
  const losses = lost === 0 ? '' : `; ${counted(lost, 'span')} could not be delivered`;
  const rest = cut ? '; the rest of the run is left out' : '';
  return `Trace ${traceId} at ${url}: ${counted(spans, 'span')}${losses}${rest}.`;
}

/** A path as short as it can be said from here. */
function near(path: string): string {
  const short = relative(process.cwd(), path);
  return short === '' ? '.' : short.startsWith('..') ? path : short;
}

function sizeOf(pixels: number): string {
  return pixels < 1e5 ? counted(pixels, 'pixel') : `${(pixels / 1e6).toFixed(1)} megapixels`;
}

function counted(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}

function duration(ms: number): string {
  if (ms > 0 && ms < 1) return `${(ms * 1000).toFixed(0)} µs`;
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${ms.toFixed(ms < 10 ? 1 : 0)} ms`;
}
