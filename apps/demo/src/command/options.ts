import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { MAX_PIXELS, type Size } from '../picture/surface.js';
import { UserError } from './user-error.js';

/** What the command line asks for. */
export interface Options {
  /** Files and folders; none: the demo draws a scene. */
  readonly input: readonly string[];
  readonly output: string;
  readonly engines: number;
  readonly inFlight: number;
  /** Pictures of the drawn scene, and their size. */
  readonly frames: number;
  readonly size: Size;
  /** Milliseconds after which a job counts as hung; undefined: worked out from the pictures' size. */
  readonly hangMs: number | undefined;
  /** Seed of what goes wrong on purpose. */
  readonly chaos: number | undefined;
  readonly fences: boolean;
  readonly race: boolean;
  /** Whether the validator runs. */
  readonly validate: boolean;
  /** Whether a deadlock is planted that does not happen, for the validator to find. */
  readonly deadlock: boolean;
  /** After how many milliseconds without a signal the pending fences are listed; undefined: never. */
  readonly dumpPendingMs: number | undefined;
  /** File for a trace in the Trace Event Format. */
  readonly trace: string | undefined;
  /** Address of an OpenTelemetry collector; undefined: what the environment says. */
  readonly otlp: string | undefined;
  readonly json: boolean;
}

/** Options, or one of the two words after which there is nothing to run. */
export type Command = Options | 'help' | 'version';

const SPEC = {
  input: { type: 'string', short: 'i', multiple: true },
  output: { type: 'string', short: 'o' },
  engines: { type: 'string', short: 'e' },
  'in-flight': { type: 'string', short: 'f' },
  frames: { type: 'string' },
  size: { type: 'string' },
  hang: { type: 'string' },
  chaos: { type: 'string' },
  'no-fences': { type: 'boolean' },
  'no-race': { type: 'boolean' },
  validate: { type: 'boolean' },
  deadlock: { type: 'boolean' },
  'dump-pending': { type: 'string' },
  trace: { type: 'string' },
  otlp: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

const DEFAULT_OUTPUT = 'out';
const DEFAULT_FRAMES = 12;
const DEFAULT_SIZE: Size = { width: 1600, height: 1000 };
const DEFAULT_IN_FLIGHT = 3;

/** Two engines even on one core: the point is that they overlap. */
function defaultEngines(): number {
  return Math.max(2, Math.min(4, availableParallelism()));
}

/** The text of `--help`. */
export function helpText(): string {
  return `Usage: npm start -- [options] [picture or folder ...]

Runs pictures through passes on several engines (worker threads), ordered by nothing but fences, and
compares every result byte for byte with the same passes on one thread. Without a picture it draws a scene.

  -i, --input PATH      a PNG, JPEG, WebP, AVIF or TIFF, or a folder of them; may be given again
  -o, --output DIR      where the results go (default: ${DEFAULT_OUTPUT})
  -e, --engines N       worker threads, 1 to 16 (default here: ${String(defaultEngines())})
  -f, --in-flight N     pictures under way at once, 1 to 16 (default: ${String(DEFAULT_IN_FLIGHT)})
      --frames N        pictures of the drawn scene, 1 to 1000 (default: ${String(DEFAULT_FRAMES)})
      --size WxH        size of the drawn scene in pixels (default: ${String(DEFAULT_SIZE.width)}x${String(DEFAULT_SIZE.height)})
      --chaos SEED      jobs hang, engines die, passes throw; the same seed does it again
      --hang MS         after how long a job counts as hung (default: by size of the pictures)
      --no-fences       leave the waits out, and see how many pixels are wrong
      --no-race         do not measure all engines against one, nor how they hand over
      --validate        run with the validator, which finds deadlocks that did not happen
      --deadlock        plant one, and see what the validator says
      --dump-pending MS list the pending fences when nothing was signaled for so long
      --trace FILE      write the fences' timeline for Perfetto and chrome://tracing, too
      --otlp URL        send the fences as a trace to an OpenTelemetry collector, such as Jaeger at
                        http://localhost:4318 (default: OTEL_EXPORTER_OTLP_ENDPOINT)
      --json            the report as JSON on standard output, nothing else there
  -h, --help            this text
  -v, --version         the version

Exit codes: 0 all is right, 1 a picture was wrong or could not be finished, or the validator found
something, 2 bad usage or input (what can be read is rendered all the same), or a result could not be
written, 130 interrupted.
`;
}

/**
 * Reads the command line.
 *
 * @param args - without the program's own name
 * @returns options, `'help'` or `'version'`; {@link UserError} for whatever is not understood
 */
export function parseOptions(args: readonly string[]): Command {
  const { values, positionals } = read(args);
  if (values.help === true) return 'help';
  if (values.version === true) return 'version';
  const input = [...(values.input ?? []), ...positionals];
  const drawn = [
    values.frames === undefined ? [] : '--frames',
    values.size === undefined ? [] : '--size',
  ].flat();
  if (input.length > 0 && drawn[0] !== undefined)
    throw new UserError(`${drawn[0]} is for the drawn scene and cannot be combined with an input`);
  if (values.chaos !== undefined && values['no-fences'] === true)
    throw new UserError(
      '--chaos and --no-fences exclude each other: without fences nothing tells who failed',
    );
  if (input.includes('') || values.output === '' || values.trace === '')
    throw new UserError('an empty path was given');
  return {
    input,
    output: values.output ?? DEFAULT_OUTPUT,
    engines: wholeNumber('--engines', values.engines, 1, 16) ?? defaultEngines(),
    inFlight: wholeNumber('--in-flight', values['in-flight'], 1, 16) ?? DEFAULT_IN_FLIGHT,
    frames: wholeNumber('--frames', values.frames, 1, 1000) ?? DEFAULT_FRAMES,
    size: sizeOf(values.size) ?? DEFAULT_SIZE,
    hangMs: wholeNumber('--hang', values.hang, 1, 3_600_000),
    chaos: wholeNumber('--chaos', values.chaos, 0, 0xffff_ffff),
    fences: values['no-fences'] !== true,
    race: values['no-race'] !== true,
    validate: values.validate === true || values.deadlock === true,
    deadlock: values.deadlock === true,
    dumpPendingMs: wholeNumber('--dump-pending', values['dump-pending'], 1, 3_600_000),
    trace: values.trace,
    otlp: webAddress('--otlp', values.otlp),
    json: values.json === true,
  };
}

// The inferred type keeps each option's name; writing it out would only repeat SPEC.
function read(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: SPEC, allowPositionals: true });
  } catch (error) {
    // Node's message names the argument in its first sentence; what follows explains `--` and is of no help here.
    const text = error instanceof Error ? error.message : String(error);
    const message = (text.split(/\.\s/, 1)[0] ?? text).replace('argument is ambiguous', 'needs a value');
    throw new UserError(`${message} (see --help)`, { cause: error });
  }
}

function webAddress(option: string, text: string | undefined): string | undefined {
  if (text === undefined || /^https?:$/.test(URL.canParse(text) ? new URL(text).protocol : '')) return text;
  throw new UserError(`${option} takes an http address, not '${text}' (see --help)`);
}

function wholeNumber(
  option: string,
  text: string | undefined,
  least: number,
  most: number,
): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : NaN;
  if (value >= least && value <= most) return value;
  throw new UserError(
    `${option} takes a whole number from ${String(least)} to ${String(most)}, not '${text}' (see --help)`,
  );
}

function sizeOf(text: string | undefined): Size | undefined {
  if (text === undefined) return undefined;
  const [, width, height] = /^(\d{1,5})x(\d{1,5})$/.exec(text) ?? [];
  const size = { width: Number(width), height: Number(height) };
  const pixels = size.width * size.height;
  if (pixels >= 1 && pixels <= MAX_PIXELS) return size;
  throw new UserError(`--size takes WIDTHxHEIGHT of at most 50 megapixels, not '${text}' (see --help)`);
}
