import {
  forgetFrames,
  framesOf,
  parseFrames,
  textOf,
  type CallSite,
  type Frame,
  type Frames,
} from './frame.js';

/** Deep enough for the awaiting callers behind the real stack. */
const DEPTH = 32;

type PrepareStack = (error: Error, sites: CallSite[]) => unknown;

const errors = Error as unknown as {
  stackTraceLimit?: number | undefined;
  prepareStackTrace?: PrepareStack | undefined;
  captureStackTrace?(target: object): void;
};

/** A stack as V8 keeps it until somebody asks for it. */
interface Raw {
  readonly stack?: unknown;
}

/** The line of a frame, from whoever prepares stacks here. */
type Prepared = (index: number) => string | undefined;

/** Where something happened: the frames of the user's code, those that `await` it included. */
export class Trace {
  #raw: Raw | undefined;
  #frames: readonly Frame[] = [];
  #inExecutor = Infinity;
  #inWork: number | undefined = undefined;
  /** Undefined when nobody has a word in how the frames are shown, or has had it. */
  #prepared: Prepared | undefined = undefined;

  /** A stack of another thread, of which only the lines are known. */
  static told(lines: readonly string[]): Trace {
    const trace = new Trace({});
    trace.#raw = undefined;
    trace.#frames = lines.map((mapped) => ({
      key: mapped,
      at: '',
      name: '',
      file: '',
      async: false,
      index: undefined,
      mapped,
    }));
    return trace;
  }

  /** From what V8 keeps, which is looked at only when it matters. */
  constructor(raw: Raw) {
    this.#raw = raw;
  }

  /** Innermost first. */
  get frames(): readonly Frame[] {
    if (this.#raw !== undefined) this.#read(this.#raw);
    return this.#frames;
  }

  /** How many of them ran inside of a `new Promise(…)`; infinite if there was none. */
  get inExecutor(): number {
    if (this.#raw !== undefined) this.#read(this.#raw);
    return this.#inExecutor;
  }

  /** How many of them are above the work of a hold, see `workOfHold`; undefined where the stack shows none. */
  get inWork(): number | undefined {
    if (this.#raw !== undefined) this.#read(this.#raw);
    return this.#inWork;
  }

  /** The innermost user function. */
  get top(): Frame | undefined {
    return this.frames[0];
  }

  /** The frames as text. */
  get lines(): string[] {
    return this.read().frames.map(textOf);
  }

  /** Looks at the stack now: until then it keeps what the functions on it keep, maybe the very fence. */
  read(): this {
    if (this.#raw !== undefined) this.#read(this.#raw);
    const prepared = this.#prepared;
    if (prepared === undefined) return this;
    this.#prepared = undefined;
    for (const [i, frame] of this.#frames.entries()) {
      if (frame.index === undefined) frame.mapped ??= prepared(i);
    }
    return this;
  }

  #read(raw: Raw): void {
    this.#raw = undefined;
    const { frames, inExecutor, inWork, prepared } = readStack(raw);
    this.#frames = frames;
    this.#inWork = inWork;
    this.#inExecutor = inExecutor ?? Infinity;
    this.#prepared = prepared;
  }
}

/** The stack from here on, trimmed to the user's frames. */
export function captureTrace(): Trace {
  return new Trace(captureRaw());
}

function captureRaw(): Raw {
  const { stackTraceLimit } = errors;
  errors.stackTraceLimit = DEPTH;
  const raw: { stack?: unknown } = {};
  if (errors.captureStackTrace === undefined) raw.stack = new Error().stack;
  else errors.captureStackTrace(raw);
  errors.stackTraceLimit = stackTraceLimit;
  return raw;
}

/** Whether this engine's stacks show who awaits what goes on; V8's do. */
export async function showsAwaiting(): Promise<boolean> {
  const awaited = async (): Promise<readonly CallSite[]> => {
    await Promise.resolve();
    return sitesOf(captureRaw()).sites ?? [];
  };
  const sites = await awaited();
  return sites.some((site) => site.isAsync?.() === true);
}

/** Whether that only writes down what the frames say: Node's own does, unless it has source maps to look at. */
function addsNothing(prepare: PrepareStack): boolean {
  const { process } = globalThis as { process?: { readonly sourceMapsEnabled?: boolean } };
  return prepare.name === 'ErrorPrepareStackTrace' && process?.sourceMapsEnabled !== true;
}

/** Who had its word in the frames that are known. */
let preparer: PrepareStack | undefined;

/** The call sites of a stack, and what the engine says instead where it has none. */
function sitesOf(raw: Raw): { sites: CallSite[] | undefined; stack: unknown } {
  const { prepareStackTrace } = errors;
  let sites: CallSite[] | undefined;
  errors.prepareStackTrace = (_error, found) => {
    sites = found;
    return '';
  };
  const stack: unknown = Reflect.get(raw, 'stack');
  errors.prepareStackTrace = prepareStackTrace;
  return { sites, stack };
}

/** Makes frames of a stack. */
function readStack(raw: Raw): Omit<Frames, 'places'> & { prepared: Prepared | undefined } {
  const { prepareStackTrace } = errors;
  const { sites, stack } = sitesOf(raw);
  // An engine that shows no call sites: Firefox and Safari have the one function, and not the other.
  if (sites === undefined) return { ...parseFrames(stack), prepared: undefined };
  const prepare =
    prepareStackTrace === undefined || addsNothing(prepareStackTrace) ? undefined : prepareStackTrace;
  if (prepare !== preparer) {
    preparer = prepare;
    forgetFrames();
  }
  const { frames, places, inExecutor, inWork } = framesOf(sites);
  return { frames, inExecutor, inWork, prepared: prepare && preparedBy(prepare, raw, sites, places) };
}

/** Asks whoever prepares stacks, once somebody wants to see one. */
function preparedBy(prepare: PrepareStack, raw: Raw, sites: CallSite[], places: Frames['places']): Prepared {
  let lines: readonly string[] | undefined;
  return (index) => {
    if (lines === undefined) {
      const text = prepare(raw as Error, sites);
      lines = typeof text === 'string' ? text.split('\n').filter((line) => /^\s+at /.test(line)) : [];
    }
    return lines[places[index] as number];
  };
}
