/** One frame of a user's code on a stack. */
export interface Frame {
  /** Which function, whatever line it is on: its file and where it begins. */
  readonly key: string;
  /** The line and column it is on. */
  readonly at: string;
  /** How it is shown: `name (file:line:column)`. Written when it is asked for, since hardly any frame is ever shown. */
  readonly text: () => string;
  /** True for a caller that waits in an `await`, and is not on the real stack. */
  readonly async: boolean;
  /** The place in a `Promise.all`, `any` or `allSettled` for the pseudo frame that stands for it. */
  readonly index: number | undefined;
}

/** Deep enough for the awaiting callers behind the real stack. */
const DEPTH = 32;

/** What V8 tells of a frame; the enclosing position is where the function begins. */
interface CallSite {
  getFileName(): string | null;
  getFunctionName(): string | null;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  getEnclosingLineNumber?(): number | null;
  getEnclosingColumnNumber?(): number | null;
  isAsync?(): boolean;
  getPromiseIndex?(): number | null;
  isPromiseAll?(): boolean;
}

type PrepareStack = (error: Error, sites: CallSite[]) => unknown;

const errors = Error as unknown as {
  stackTraceLimit?: number;
  prepareStackTrace?: PrepareStack | undefined;
  captureStackTrace?(target: object): void;
};

/** A stack as V8 keeps it until somebody asks for it. */
interface Raw {
  readonly stack?: unknown;
}

/** The folder of this package: its `src` and `dist` are ours, everything else is the user's. */
const HOME = withoutScheme(import.meta.url).replace(/[^/]*\/lockdep\/[^/]*$/, '');
const OURS = [`${HOME}src/`, `${HOME}dist/`];

function withoutScheme(file: string): string {
  return file.startsWith('file://') ? file.slice('file://'.length) : file;
}

function isForeign(file: string): boolean {
  return (
    file === '' ||
    file.startsWith('node:') ||
    file.startsWith('ext:') ||
    OURS.some((own) => file.startsWith(own))
  );
}

/** Where something happened: the frames of the user's code, those that `await` it included. */
export class Trace {
  #raw: Raw | undefined;
  #frames: readonly Frame[];

  /** From what V8 keeps, which is looked at only when it matters; or from frames. */
  constructor(from: Raw | readonly Frame[]) {
    const known = Array.isArray(from);
    this.#raw = known ? undefined : (from as Raw);
    this.#frames = known ? (from as readonly Frame[]) : [];
  }

  /** Innermost first. */
  get frames(): readonly Frame[] {
    this.#read();
    return this.#frames;
  }

  /** The innermost user function. */
  get top(): Frame | undefined {
    return this.frames[0];
  }

  /** The frames as text. */
  get lines(): string[] {
    return this.frames.map(({ text }) => text());
  }

  /** Looks at the stack now: until then it keeps what the functions on it keep, maybe the very fence. */
  settle(): this {
    this.#frames = this.frames.map((frame) => {
      const text = frame.text();
      return { ...frame, text: () => text };
    });
    return this;
  }

  #read(): void {
    if (this.#raw === undefined) return;
    this.#frames = readStack(this.#raw);
    this.#raw = undefined;
  }
}

/** The stack from here on, trimmed to the user's frames. */
export function captureTrace(): Trace {
  const { stackTraceLimit } = errors;
  Reflect.set(errors, 'stackTraceLimit', DEPTH);
  const raw: Raw = {};
  if (errors.captureStackTrace === undefined) {
    const trace = parseTrace(new Error().stack);
    Reflect.set(errors, 'stackTraceLimit', stackTraceLimit);
    return trace;
  }
  errors.captureStackTrace(raw);
  Reflect.set(errors, 'stackTraceLimit', stackTraceLimit);
  return new Trace(raw);
}

/** Whether that only writes down what the frames say: Node's own does, unless it has source maps to look at. */
function addsNothing(prepare: PrepareStack): boolean {
  const { process } = globalThis as { process?: { readonly sourceMapsEnabled?: boolean } };
  return prepare.name === 'ErrorPrepareStackTrace' && process?.sourceMapsEnabled !== true;
}

/** Makes frames of a stack; what a program installed to prepare stacks (for source maps, say) has its word in the text. */
function readStack(raw: Raw): readonly Frame[] {
  const { prepareStackTrace } = errors;
  let sites: CallSite[] = [];
  errors.prepareStackTrace = (_error, found) => {
    sites = found;
    return '';
  };
  Reflect.get(raw, 'stack');
  errors.prepareStackTrace = prepareStackTrace;
  let lines: readonly string[] | undefined;
  const lineAt = (place: number): string | undefined => {
    lines ??= preparedLines(raw, sites, prepareStackTrace);
    return lines[place];
  };
  return userFrames(sites.map((site, place) => frameOf(site, () => lineAt(place))));
}

/** A line for each frame, from whoever prepares stacks here; none where nobody does. */
function preparedLines(raw: Raw, sites: CallSite[], prepare: PrepareStack | undefined): readonly string[] {
  if (prepare === undefined || addsNothing(prepare)) return [];
  const prepared = prepare(raw as Error, sites);
  return typeof prepared === 'string' ? prepared.split('\n').filter((line) => /^\s+at /.test(line)) : [];
}

interface Located {
  readonly file: string;
  readonly frame: Frame;
}

/** The user's frames; those of packages only if there is nothing else. */
function userFrames(frames: readonly Located[]): Frame[] {
  const users = frames.filter(({ file, frame }) => frame.index !== undefined || !isForeign(file));
  const own = users.filter(({ file }) => !file.includes('/node_modules/'));
  return (own.some(({ frame }) => frame.index === undefined) ? own : users).map(({ frame }) => frame);
}

function frameOf(site: CallSite, line: () => string | undefined): Located {
  const file = withoutScheme(site.getFileName() ?? '');
  const async = site.isAsync?.() === true;
  if (isForeign(file)) {
    const index = site.isPromiseAll?.() === true ? (site.getPromiseIndex?.() ?? undefined) : undefined;
    const text = (): string => `async Promise.all (index ${String(index)})`;
    return { file, frame: { key: file, at: '', text, async, index } };
  }
  const name = site.getFunctionName() ?? '';
  const at = `${String(site.getLineNumber())}:${String(site.getColumnNumber())}`;
  const start = `${String(site.getEnclosingLineNumber?.() ?? name)}:${String(site.getEnclosingColumnNumber?.())}`;
  const text = (): string => {
    // What others prepare may have lost the mark.
    const mapped = line()
      ?.trim()
      .replace(/^at (async )?/, async ? 'async ' : '');
    return mapped?.replace('file://', '') ?? textOf(async, name, file, at);
  };
  return { file, frame: { key: `${file}:${start}`, at, text, async, index: undefined } };
}

function textOf(async: boolean, name: string, file: string, at: string): string {
  return `${async ? 'async ' : ''}${name === '' ? `${file}:${at}` : `${name} (${file}:${at})`}`;
}

/** A stack as engines other than V8 write it, `name@file:line:column`; Firefox marks what was awaited. */
function parseTrace(stack: unknown): Trace {
  const lines = typeof stack === 'string' ? stack.split('\n') : [];
  const frames = lines.flatMap((line): Located[] => {
    const match = /^(async\*)?([^@]*)@(.+?):(\d+:\d+)$/.exec(line.trim());
    if (match === null) return [];
    const [, awaited, name = '', url = '', at = ''] = match;
    const file = withoutScheme(url);
    const async = awaited !== undefined;
    const text = (): string => textOf(async, name, file, at);
    return [{ file, frame: { key: `${file}:${name}`, at, text, async, index: undefined } }];
  });
  return new Trace(userFrames(frames));
}

/** How an event's stack lies to the stack of a holder. */
export interface Relation {
  /**
   * `inside`: in the function that holds, or in one it called. `outer`: in a caller of that function, which has moved on.
   * `fork`: beside it, under one and the same `await`. `other`: in another branch of one `Promise.all`. `none`: nothing in common.
   */
  readonly kind: 'inside' | 'outer' | 'fork' | 'other' | 'none';
  /** The function in which they meet. */
  readonly key: string | undefined;
  /** True when the event's side of that function waits in an `await`. */
  readonly async: boolean;
  /** True when the holder's side of it waited for the holder, who may have passed its hold up. */
  readonly passed: boolean;
}

export function relate(holder: Trace, event: Trace): Relation {
  for (const [i, mine] of holder.frames.entries()) {
    if (mine.index !== undefined) continue;
    const j = event.frames.findIndex((frame) => frame.key === mine.key && frame.index === undefined);
    if (j < 0) continue;
    const theirs = event.frames[j] as Frame;
    const found = { key: mine.key, async: theirs.async, passed: mine.async };
    if (branchesDiffer(holder.frames, i, event.frames, j)) return { kind: 'other', ...found };
    if (i === 0) return { kind: 'inside', ...found };
    return { kind: mine.at === theirs.at && theirs.async ? 'fork' : 'outer', ...found };
  }
  return { kind: 'none', key: undefined, async: false, passed: false };
}

/** Whether the two stacks went through different branches of a `Promise.all`: right below where they meet, or above it. */
function branchesDiffer(a: readonly Frame[], i: number, b: readonly Frame[], j: number): boolean {
  const differ = (x: Frame | undefined, y: Frame | undefined): boolean =>
    x?.index !== undefined && y?.index !== undefined && x.index !== y.index;
  if (differ(a[i - 1], b[j - 1])) return true;
  for (let step = 1; ; step++) {
    const [x, y] = [a[i + step], b[j + step]];
    if (x === undefined || y === undefined) return false;
    if (differ(x, y)) return true;
    if (x.key !== y.key && x.index === undefined) return false;
  }
}
