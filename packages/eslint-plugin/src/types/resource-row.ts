/**
 * Where a resource's type is declared: by the platform, by a package, or by files of the project.
 *
 * @example Every class of one folder
 * ```ts
 * import type { ResourceOrigin } from '@dma-fence/eslint-plugin';
 *
 * const generated: ResourceOrigin = { file: 'pkg/*.d.ts' };
 * ```
 */
export type ResourceOrigin =
  'lib' | { readonly package: string | readonly string[] } | { readonly file: string };

/**
 * What `settings['dma-fence'].resources` is a list of: one type whose values have to be released, or contracts for
 * declarations that are not yours, or both.
 *
 * @example A type of your own
 * ```ts
 * import type { ResourceRow } from '@dma-fence/eslint-plugin';
 *
 * const lease: ResourceRow = { name: 'Lease', from: { file: 'src/lease.ts' }, release: ['end'] };
 * ```
 */
export interface ResourceRow {
  /** The class or interface. `'Disposable'` and `'AsyncDisposable'` from `'lib'` stand for every class that has such a method. */
  readonly name?: string;
  /** Where the type is declared. */
  readonly from?: ResourceOrigin;
  /** The methods that give the resource back. */
  readonly release?: readonly string[];
  /** The methods that return another one, to be released by itself. */
  readonly share?: readonly string[];
  /** Whether a second release does nothing, so that it is no mistake. */
  readonly idempotentRelease?: boolean;
  /** Whether the release returns a promise: suggestions then write `await`. */
  readonly awaitRelease?: boolean;
  /** Methods that may be called after the release. */
  readonly usableAfterRelease?: readonly string[];
  /** Calls that take their argument over, `'Writer.write'` or `'Writer.write#1'`; `#this` means the object itself. */
  readonly takes?: readonly string[];
  /** Calls whose result is the caller's, and callbacks whose parameter is theirs: `'VideoDecoderInit.output#0'`. */
  readonly gives?: readonly string[];
  /** Calls whose result stays somebody else's. */
  readonly lends?: readonly string[];
  /** Functions that release everything made by the callback they are given. */
  readonly arenas?: readonly string[];
}

/**
 * A list of rows, as presets are.
 *
 * @example A preset with a row of your own
 * ```ts
 * import dmaFence, { type ResourceRows } from '@dma-fence/eslint-plugin';
 *
 * const rows: ResourceRows = [...dmaFence.resources.node, { lends: ['Cache.peek'] }];
 * ```
 */
export type ResourceRows = readonly ResourceRow[];

type Shape = 'text' | 'texts' | 'flag' | 'origin';

const shapes: Readonly<Record<keyof ResourceRow, Shape>> = {
  name: 'text',
  from: 'origin',
  release: 'texts',
  share: 'texts',
  idempotentRelease: 'flag',
  awaitRelease: 'flag',
  usableAfterRelease: 'texts',
  takes: 'texts',
  gives: 'texts',
  lends: 'texts',
  arenas: 'texts',
};

const expected: Readonly<Record<Shape, string>> = {
  text: 'a string',
  texts: 'a list of strings',
  flag: 'true or false',
  origin: "'lib', { package: 'name' } or { file: 'path' }",
};

/** The keys that `settings['dma-fence']` has. */
const settingKeys: readonly string[] = ['packages', 'fenceTypes', 'debug', 'resources'];

/** What is wrong with the resources of a configuration, in words for who wrote it; undefined: nothing. */
export function resourceProblem(given: unknown): string | undefined {
  if (given === undefined) return undefined;
  const at = "settings['dma-fence']";
  if (!isRecord(given)) return `${at} must be an object.`;
  for (const key of Object.keys(given)) {
    if (!settingKeys.includes(key)) return unknownKey(at, key, settingKeys);
  }
  const { resources } = given;
  if (resources === undefined) return undefined;
  if (!Array.isArray(resources)) return `${at}.resources must be a list of rows.`;
  for (const [index, row] of (resources as readonly unknown[]).entries()) {
    const problem = rowProblem(row, `${at}.resources[${String(index)}]`);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function rowProblem(row: unknown, at: string): string | undefined {
  if (Array.isArray(row)) return `${at} is a list: spread a preset, as in [...dmaFence.resources.webcodecs].`;
  if (!isRecord(row)) return `${at} must be a row, as { name: 'Lease', from: 'lib', release: ['end'] } is.`;
  const keys = Object.keys(shapes);
  for (const [key, value] of Object.entries(row)) {
    if (!isKey(key)) return unknownKey(at, key, keys);
    if (value !== undefined && !hasShape(value, shapes[key]))
      return `${at}.${key} must be ${expected[shapes[key]]}.`;
  }
  if (row['name'] === undefined) {
    const contracts = ['takes', 'gives', 'lends', 'arenas'].some((key) => row[key] !== undefined);
    return contracts ? undefined : `${at} needs a name, or one of takes, gives, lends and arenas.`;
  }
  if (row['from'] === undefined) return `${at}.from is missing: it is ${expected.origin}.`;
  if (!Array.isArray(row['release']) || row['release'].length === 0)
    return `${at}.release is missing: it lists the methods that give it back.`;
  return undefined;
}

function hasShape(value: unknown, shape: Shape): boolean {
  switch (shape) {
    case 'text':
      return typeof value === 'string' && value !== '';
    case 'texts':
      return areTexts(value);
    case 'flag':
      return typeof value === 'boolean';
    case 'origin':
      if (!isRecord(value)) return value === 'lib';
      return Object.keys(value).length === 1 && 'package' in value
        ? typeof value['package'] === 'string' || areTexts(value['package'])
        : Object.keys(value).length === 1 && typeof value['file'] === 'string';
  }
}

function areTexts(value: unknown): boolean {
  return Array.isArray(value) && (value as readonly unknown[]).every((one) => typeof one === 'string');
}

function isKey(key: string): key is keyof ResourceRow {
  return key in shapes;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function unknownKey(at: string, key: string, keys: readonly string[]): string {
  const [nearest] = [...keys].sort((a, b) => distance(key, a) - distance(key, b));
  const isNear = nearest !== undefined && distance(key, nearest) <= Math.max(3, key.length / 2);
  return isNear
    ? `${at} has no key '${key}': did you mean '${nearest}'?`
    : `${at} has no key '${key}': it takes ${keys.join(', ')}.`;
}

/** How many letters have to be changed, added or left out; a word that was begun is near. */
function distance(given: string, key: string): number {
  const a = given.toLowerCase();
  const b = key.toLowerCase();
  if (a.length > 2 && b.startsWith(a)) return 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 0; i < a.length; i += 1) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j += 1)
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (a[i] === b[j] ? 0 : 1)));
    row = next;
  }
  return row[b.length] ?? a.length;
}
