import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { chromeTrace } from './trace/chrome-trace.js';
import { systemClock } from './clock.js';
import type { Options } from './command/options.js';
import { OutputFolder } from './picture/output.js';
import { encodePng, findPictures, nothingToRender, scenePictures, type Picture } from './picture/picture.js';
import { runPipeline, type PipelineEvents, type PipelineResult } from './pipeline/pipeline.js';
import { barProgress, lineProgress, noProgress, type Progress } from './command/progress.js';
import { race } from './pipeline/race.js';
import { FenceRecorder } from './trace/recorder.js';
import { printable } from './command/printable.js';
import { sentLine, type Report } from './command/report.js';
import { jobsOf } from './pipeline/frame.js';
import type { RunTrace, SentTrace } from './trace/run-trace.js';
import { startThread } from './engine/thread.js';
import { timelinePage } from './trace/timeline-page.js';
import { tracesUrl } from './trace/traces-url.js';
import { UserError } from './command/user-error.js';
import { columnsOf } from './command/wrap.js';

/** The page with the fences' timeline, beside the pictures. */
const TIMELINE = 'timeline.html';

/** Where a run writes to. */
export interface Streams {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
}

/**
 * Does what the options ask for, from finding pictures to writing results.
 *
 * @param signal - interrupts it: the promise then rejects with its reason
 * @returns what there is to report; rejects with {@link UserError} for what a person can put right
 */
export async function run(options: Options, streams: Streams, signal: AbortSignal): Promise<Report> {
  const found =
    options.input.length > 0
      ? await findPictures(options.input)
      : { pictures: scenePictures(options.frames, options.size), unreadable: [], leftOut: 0 };
  const { pictures, leftOut } = found;
  const names = outputNames(pictures, options.fences);
  const folder = await OutputFolder.open(options.output);
  const traceFolder =
    options.trace === undefined ? undefined : await OutputFolder.open(dirname(options.trace));
  const results = [...names.values(), TIMELINE].map((name) => join(folder.path, name));
  await refuseToOverwrite(pictures, results);
  if (options.trace !== undefined && traceFolder !== undefined)
    await refuseToOverwrite(pictures, [join(traceFolder.path, basename(options.trace))], results);
  const title = titleOf(options, pictures.length);
  // Before anything is done, as all that is wrong with what was asked.
  const url = tracesUrl(options.otlp, process.env);
  const news: string[] = [];
  using progress = progressFor(options, streams, pictures.length);
  const measured =
    options.race && options.fences && options.engines > 1 && options.chaos === undefined
      ? await race(options.engines, startThread, signal)
      : undefined;
  const runTrace = await traceOf(url, title, pictures, options);
  const sayAside = (line: string): void => {
    if (streams.stderr.isTTY) progress.say(line);
    else streams.stderr.write(`${line}\n`);
  };
  if (runTrace !== undefined) {
    const { address, traceId, page } = runTrace;
    // At once: of a run that hangs there is no last line.
    sayAside(page === undefined ? `Trace ${traceId}.` : `Trace ${traceId}, in Jaeger: ${page}`);
    const hindrance = await runTrace.check();
    if (hindrance !== undefined) sayAside(`Spans do not arrive at ${address} now: ${hindrance}.`);
  }
  const events: PipelineEvents = {
    picture: (picture, work) => runTrace?.picture(picture.name, work, ({ failure }) => failure) ?? work(),
    failedTry: (_picture, code, startedAt) => {
      runTrace?.failedTry(code, startedAt);
    },
    progress(state) {
      // What an interrupt ends is over, and not done.
      if (!signal.aborted) progress.update(state);
    },
    news(line) {
      const said = printable(line);
      news.push(said);
      progress.say(said);
    },
    async deliver(picture, pixels, wrongPixels) {
      // A wrong picture is only ever worth having where it was asked for.
      if (wrongPixels > 0 && options.fences) return undefined;
      const png = await encodePng(pixels, picture.size);
      return folder.write(names.get(picture) ?? picture.name, png, signal);
    },
  };
  // Loaded only when they are asked for, as above. What the main thread locks, waits for and signals is validated: engines hold no
  // locks, and wait before their sections begin.
  using validator = options.validate
    ? (await import('@dma-fence/core/lockdep')).lockdep.enable({ onReport: () => undefined })
    : undefined;
  using _dump = await dumpFor(options, (table) => {
    if (options.json) streams.stderr.write(`${table}\n`);
    else progress.say(table);
  });
  using recorder = new FenceRecorder();
  const pipeline = (): Promise<PipelineResult> => runPipeline(pictures, options, startThread, events, signal);
  let sent: SentTrace | undefined;
  let result: PipelineResult | undefined;
  try {
    result = await (runTrace?.inside(pipeline) ?? pipeline());
  } finally {
    sent = await runTrace?.end();
    // Nothing else is said of a run that was interrupted.
    if (result === undefined && sent !== undefined) sayAside(sentLine(sent));
  }
  const damaged = result.frames.filter((frame) => frame.unreadable);
  const unreadable = [...found.unreadable, ...damaged.map(({ failure }) => failure ?? '')].map(printable);
  if (damaged.length === result.frames.length) throw nothingToRender(unreadable);
  const frames = result.frames.filter((frame) => !damaged.includes(frame));
  const data = recorder.data(title);
  const timeline = await folder.write(TIMELINE, await timelinePage(data), signal);
  const trace = await traceFolder?.write(basename(options.trace ?? ''), chromeTrace(data), signal);
  const findings = validator?.reports;
  const output = folder.path;
  return {
    ...result,
    ...{
      frames,
      unreadable,
      leftOut,
      options,
      output,
      timeline,
      trace,
      sent,
      race: measured,
      findings,
      news,
    },
  };
}

/** What sends the run, if anybody asked for that. */
async function traceOf(
  url: string | undefined,
  title: string,
  pictures: readonly Picture[],
  { engines }: Options,
): Promise<RunTrace | undefined> {
  if (url === undefined) return undefined;
  // Loaded only when it is needed: an SDK takes its time.
  const Made = (await import('./trace/run-trace.js')).RunTrace;
  // Fence and work of each job, and about a dozen rows besides.
  const spans = pictures
    .map(({ size }) => 2 * jobsOf(size, engines) + 12)
    .reduce((sum, count) => sum + count, 0);
  return new Made(url, { 'demo.run': title }, spans);
}

async function dumpFor(
  { dumpPendingMs }: Options,
  print: (table: string) => void,
): Promise<Disposable | undefined> {
  if (dumpPendingMs === undefined) return undefined;
  const { PendingDump } = await import('./trace/pending-dump.js');
  return new PendingDump(dumpPendingMs, systemClock, print);
}

/** What the timeline is called. */
function titleOf({ engines, fences, chaos }: Options, pictures: number): string {
  const how = !fences ? ' without fences' : chaos === undefined ? '' : ` with chaos ${String(chaos)}`;
  return `${String(pictures)} picture${pictures === 1 ? '' : 's'} on ${String(engines)} engine${engines === 1 ? '' : 's'}${how}`;
}

function progressFor(options: Options, { stdout, stderr }: Streams, pictures: number): Progress {
  // A bar that does not know how wide it may be writes all over itself.
  if (columnsOf(stderr) !== undefined) return barProgress(stderr, pictures);
  return options.json ? noProgress : lineProgress((line) => stdout.write(`${line}\n`), pictures);
}

/** One name for each picture: its own, numbered where several share it; `.wrong` where fences were left out. */
function outputNames(pictures: readonly Picture[], fences: boolean): Map<Picture, string> {
  const taken = new Set<string>();
  const names = new Map<Picture, string>();
  for (const picture of pictures) {
    let stem = picture.name;
    for (let number = 2; taken.has(stem.toLowerCase()); number += 1)
      stem = `${picture.name}-${String(number)}`;
    taken.add(stem.toLowerCase());
    names.set(picture, fences ? `${stem}.png` : `${stem}.wrong.png`);
  }
  return names;
}

/** Before anything is done: what a run would write must not be in the way of what it reads, of a folder, or of what it writes itself. */
async function refuseToOverwrite(
  pictures: readonly Picture[],
  paths: readonly string[],
  results: readonly string[] = [],
): Promise<void> {
  const inputs = new Set(pictures.map(({ file }) => file));
  for (const path of paths) {
    const real = await realpath(path).catch(() => undefined);
    if (real !== undefined && inputs.has(real))
      throw new UserError(`${real} would be overwritten by a result: choose another place for it`);
    if (real !== undefined && (await stat(real)).isDirectory())
      throw new UserError(`cannot write ${path}: is a folder, not a file`);
    if (results.includes(path))
      throw new UserError(`${path} is written by the run itself: choose another --trace`);
  }
}
