/** One frame of a user's code on a stack; one object for all stacks that go through that place. */
export interface Frame {
  /** Which function, whatever line it is on: its file and where it begins. */
  readonly key: string;
  /** The line and column it is on. */
  readonly at: string;
  /** The function's name, empty for none, and its file. */
  readonly name: string;
  readonly file: string;
  /** True for a caller that waits in an `await`, and is not on the real stack. */
  readonly async: boolean;
  /** The place in a `Promise.all`, `any` or `allSettled` for the pseudo frame that stands for it. */
  readonly index: number | undefined;
  /** What a program that prepares stacks (for source maps, say) made of it, once it was asked. */
  mapped: string | undefined;
}

/** What V8 tells of a frame; the enclosing position is where the function begins. */
export interface CallSite {
  getFileName(): string | null;
  getFunctionName(): string | null;
  getLineNumber(): number | null;
  getColumnNumber(): number | null;
  getPosition?(): number | null;
  getEnclosingLineNumber?(): number | null;
  getEnclosingColumnNumber?(): number | null;
  isAsync?(): boolean;
  isConstructor?(): boolean;
  getPromiseIndex?(): number | null;
}

/** What is known of a file. */
interface Source {
  readonly path: string;
  /** `ours`: this package's and the platform's. `package`: shown only if there is nothing else. */
  readonly owner: 'ours' | 'package' | 'user';
  /** Its frames, by position; lines and columns are looked up once, which is what makes a stack expensive. */
  readonly frames: Map<number, Frame>;
}

/** The folder of this package: its `src` and `dist` are ours, everything else is the user's. */
const HOME = withoutScheme(import.meta.url).replace(/[^/]*\/lockdep\/[^/]*$/, '');
const OURS = [`${HOME}src/`, `${HOME}dist/`];

/** So many files and no more: a program that makes files up as it goes must not be remembered for ever. */
const MANY_FILES = 2_000;

const sources = new Map<string, Source>();

/** A program prepares stacks from now on, or no longer: what its predecessor made of frames is worth nothing. */
export function forgetFrames(): void {
  sources.clear();
}

function withoutScheme(file: string): string {
  return file.startsWith('file://') ? file.slice('file://'.length) : file;
}

function ownerOf(path: string): Source['owner'] {
  if (path === '' || path.startsWith('node:') || path.startsWith('ext:')) return 'ours';
  if (OURS.some((own) => path.startsWith(own))) return 'ours';
  return path.includes('/node_modules/') ? 'package' : 'user';
}

function sourceOf(file: string): Source {
  let source = sources.get(file);
  if (source === undefined) {
    if (sources.size === MANY_FILES) sources.clear();
    const path = withoutScheme(file);
    sources.set(file, (source = { path, owner: ownerOf(path), frames: new Map<number, Frame>() }));
  }
  return source;
}

/** The user's frames on a stack, innermost first, and which line of the whole stack each is. */
export interface Frames {
  readonly frames: readonly Frame[];
  readonly places: readonly number[];
  /** How many of the frames ran inside of a `new Promise(…)`; undefined if there was none. */
  readonly inExecutor: number | undefined;
  /** How many of the frames are above the work that was begun for what it holds, see `workOfHold`; undefined if there is none. */
  readonly inWork: number | undefined;
}

/** Collects the user's frames; those of packages count only if there is nothing else. */
class FrameList implements Frames {
  frames: Frame[] = [];
  places: number[] = [];
  inExecutor: number | undefined = undefined;
  inWork: number | undefined = undefined;
  #own = false;

  add(frame: Frame, place: number, owner: Source['owner']): void {
    if (owner === 'package' && this.#own) return;
    if (owner === 'user' && !this.#own) {
      this.#own = true;
      this.#dropPackages();
    }
    this.frames.push(frame);
    this.places.push(place);
  }

  #dropPackages(): void {
    // Branches of a Promise.all belong to whoever has frames at all.
    const kept = this.frames.map(({ index }) => index !== undefined);
    this.frames = this.frames.filter((_, i) => kept[i]);
    this.places = this.places.filter((_, i) => kept[i]);
    if (this.inExecutor !== undefined) this.inExecutor = this.frames.length;
    if (this.inWork !== undefined) this.inWork = this.frames.length;
  }
}

/** The user's frames on a stack of V8's. */
export function framesOf(sites: readonly CallSite[]): Frames {
  const list = new FrameList();
  for (let place = 0; place < sites.length; place++) {
    const site = sites[place] as CallSite;
    const source = sourceOf(site.getFileName() ?? '');
    const frame = source.owner === 'ours' ? branchOf(site, source) : frameOf(site, source);
    if (source.owner === 'ours' && isWork(site)) list.inWork ??= list.frames.length;
    if (frame !== undefined) list.add(frame, place, source.owner);
    // Our own promises are no business of the user's.
    else if (list.frames.length > 0 && isExecuting(site)) list.inExecutor ??= list.frames.length;
  }
  return list;
}

/** What runs, or awaits, the work that was begun for what it holds. */
function isWork(site: CallSite): boolean {
  const name = site.getFunctionName() ?? '';
  return name === runWork.name || name === workOfHold.name;
}

/** Runs the work that was begun for what it holds: what is above this on a stack is that work's, or called by it. */
export function runWork<R>(work: () => R): R {
  return work();
}

/** Awaits what such work has answered: on an asynchronous stack it tells what the work awaits from what it only began. */
export async function workOfHold<R>(result: PromiseLike<R>): Promise<R> {
  return await result;
}

/** The constructor of a promise, which runs its executor. */
function isExecuting(site: CallSite): boolean {
  return site.isConstructor?.() === true && site.getFunctionName() === 'Promise';
}

/** The pseudo frame of a `Promise.all`, `any` or `allSettled`, which tells its branches apart. */
function branchOf(site: CallSite, { path }: Source): Frame | undefined {
  const index = site.getPromiseIndex?.() ?? undefined;
  if (index === undefined) return undefined;
  const name = `Promise.${site.getFunctionName() ?? 'all'}`;
  return { key: path, at: '', name, file: path, async: true, index, mapped: undefined };
}

function frameOf(site: CallSite, { path, frames }: Source): Frame {
  const async = site.isAsync?.() === true;
  const position = site.getPosition?.() ?? -1;
  if (position < 0) return newFrame(site, path, async);
  const known = 2 * position + (async ? 1 : 0);
  let frame = frames.get(known);
  if (frame === undefined) frames.set(known, (frame = newFrame(site, path, async)));
  return frame;
}

function newFrame(site: CallSite, file: string, async: boolean): Frame {
  const name = site.getFunctionName() ?? '';
  const at = `${String(site.getLineNumber())}:${String(site.getColumnNumber())}`;
  const start = `${String(site.getEnclosingLineNumber?.() ?? name)}:${String(site.getEnclosingColumnNumber?.())}`;
  return { key: `${file}:${start}`, at, name, file, async, index: undefined, mapped: undefined };
}

/** A stack as engines other than V8 write it, `name@file:line:column`; Firefox marks what was awaited. */
export function parseFrames(stack: unknown): Frames {
  const list = new FrameList();
  const lines = typeof stack === 'string' ? stack.split('\n') : [];
  for (const [place, line] of lines.entries()) {
    const match = /^(async\*)?([^@]*)@(.+?):(\d+:\d+)$/.exec(line.trim());
    if (match === null) continue;
    const [, awaited, name = '', url = '', at = ''] = match;
    const { path: file, owner } = sourceOf(url);
    if (owner === 'ours') continue;
    const async = awaited !== undefined;
    const frame = { key: `${file}:${name}`, at, name, file, async, index: undefined, mapped: undefined };
    list.add(frame, place, owner);
  }
  return list;
}

/** How a frame is shown: `name (file:line:column)`. */
export function textOf({ name, file, at, async, index, mapped }: Frame): string {
  if (index !== undefined) return `async ${name} (index ${String(index)})`;
  const mark = async ? 'async ' : '';
  // What others prepare may have lost the mark.
  if (mapped !== undefined)
    return mapped
      .trim()
      .replace(/^at (async )?/, mark)
      .replace('file://', '');
  return `${mark}${name === '' ? `${file}:${at}` : `${name} (${file}:${at})`}`;
}
