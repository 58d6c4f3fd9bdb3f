import { packageOf } from './package-of.js';
import type { ResourceRow } from './resource-row.js';

/** A row that names a type: what a value of it needs. */
export interface ResourceType {
  /** How messages call it. */
  readonly name: string;
  readonly row: ResourceRow;
}

/** Where something is declared. */
export interface Place {
  readonly file: string;
  /** Whether the file comes with the language or the platform. */
  readonly isDefault: boolean;
  /** The module that an ambient `declare module` around the declaration names. */
  readonly module: string | undefined;
}

/** What a call does with what goes in and comes out, as the rows say. */
export type Contracts = ReadonlyMap<string, ReadonlySet<string>>;

const platform = /^(?:@types\/(?:node|web|dom-.*)|@webgpu\/types)$/;

/** Any class that has one of the methods. */
const anyName = '*';

const structural: ReadonlySet<string> = new Set(['Disposable', 'AsyncDisposable']);

/** The rows of a configuration, by what they are asked for. */
export class DeclaredResources {
  readonly rows: readonly ResourceRow[];
  /** Methods that release something: the first, cheap question about a call. */
  readonly releaseNames: ReadonlySet<string>;
  readonly #byName = new Map<string, ResourceRow[]>();
  readonly #takes: Contracts;
  readonly #gives: ReadonlySet<string>;
  readonly #lends: ReadonlySet<string>;
  readonly #arenas: ReadonlySet<string>;

  constructor(rows: readonly ResourceRow[]) {
    this.rows = rows;
    for (const row of rows)
      if (row.name !== undefined) this.#byName.set(row.name, [...(this.#byName.get(row.name) ?? []), row]);
    this.releaseNames = new Set(rows.flatMap(({ release = [] }) => release));
    const takes = new Map<string, Set<string>>();
    for (const entry of rows.flatMap((row) => row.takes ?? [])) {
      const [name = '', at = '0'] = entry.split('#');
      takes.set(name, (takes.get(name) ?? new Set()).add(at));
    }
    this.#takes = takes;
    this.#gives = new Set(rows.flatMap((row) => row.gives ?? []));
    this.#lends = new Set(rows.flatMap((row) => row.lends ?? []));
    this.#arenas = new Set(rows.flatMap((row) => row.arenas ?? []));
  }

  /** The row for a class or interface of this name that is declared at one of these places. */
  typeNamed(
    name: string,
    places: readonly Place[],
    has: (method: string) => boolean,
  ): ResourceType | undefined {
    for (const row of [...(this.#byName.get(name) ?? []), ...(this.#byName.get(anyName) ?? [])]) {
      if (!places.some((place) => isFrom(row, place))) continue;
      if (row.name === anyName && row.release?.some((method) => has(method)) !== true) continue;
      return { name, row };
    }
    // Iterators, streams and timers of the platform have such methods, too; they need no owner.
    if (places.some(({ file, isDefault }) => isDefault || isPlatform(file))) return undefined;
    for (const general of structural) {
      const [row] = this.#byName.get(general) ?? [];
      if (row?.from === 'lib' && row.release?.some((method) => has(method)) === true) return { name, row };
    }
    return undefined;
  }

  /** Whether a declaration is of the same origin as a resource: what it returns is then a new one. */
  isHome({ row }: ResourceType, place: Place): boolean {
    return isFrom(row, place) && row.name !== undefined && !structural.has(row.name);
  }

  /** Whether a call takes over its argument at a position, or `this`. */
  takes(names: readonly string[], position: string): boolean {
    return names.some((name) => this.#takes.get(name)?.has(position) === true);
  }

  gives(names: readonly string[]): boolean {
    return names.some((name) => this.#gives.has(name));
  }

  lends(names: readonly string[]): boolean {
    return names.some((name) => this.#lends.has(name));
  }

  isArena(names: readonly string[]): boolean {
    return names.some((name) => this.#arenas.has(name));
  }

  /** Names that may be an arena's, by their last part: asked before any type is. */
  isArenaName(name: string): boolean {
    for (const arena of this.#arenas) if (arena === name || arena.endsWith(`.${name}`)) return true;
    return false;
  }
}

function isFrom({ from }: ResourceRow, { file, isDefault, module }: Place): boolean {
  if (from === undefined) return false;
  if (from === 'lib') return isDefault || isPlatform(file);
  if ('file' in from) return matches(file.replaceAll('\\', '/'), from.file);
  const names = packagesOf(from.package);
  if (module !== undefined && names.some((name) => module === name || module.startsWith(`${name}/`)))
    return true;
  const owner = packageOf(file);
  return owner !== undefined && names.includes(owner);
}

function isPlatform(file: string): boolean {
  const owner = file.includes('node_modules') ? packageOf(file) : undefined;
  return owner !== undefined && platform.test(owner);
}

/** A package's name, and that of its types where they come by themselves. */
export function packagesOf(given: string | readonly string[]): string[] {
  const names = typeof given === 'string' ? [given] : given;
  return names.flatMap((name) => [name, `@types/${name.replace(/^@(?<scope>[^/]+)\//, '$<scope>__')}`]);
}

/** Whether a path ends as a pattern says, in which `*` stands for a part of a name. */
function matches(file: string, pattern: string): boolean {
  const text = pattern
    .replace(/^\.\//, '')
    .split('*')
    .map((part) => part.replaceAll(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`))
    .join('[^/]*');
  return new RegExp(`(?:^|/)${text}$`).test(file);
}
