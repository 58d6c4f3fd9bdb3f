import { DeclaredResources, packagesOf } from './declared-resources.js';
import { hasPackage } from './package-of.js';
import type { ResourceRow } from './resource-row.js';

/** What is asked of a program. */
export interface Program {
  getSourceFiles: () => readonly {
    readonly fileName: string;
    readonly ambientModuleNames?: readonly string[];
  }[];
}

const scopes = new WeakMap<Program, Map<readonly ResourceRow[], Scope | undefined>>();

/** The rows that a program can have use for, and the words of which a file that deals with them has one. */
interface Scope {
  readonly resources: DeclaredResources;
  readonly words: RegExp;
}

/** The declared resources that are in a program at all: asked once a program. */
export function resourcesFor(program: Program, rows: readonly ResourceRow[]): DeclaredResources | undefined {
  return scopeOf(program, rows)?.resources;
}

/** Whether a file of a program may deal with a declared resource: one test of its text. */
export function concerns(program: Program, rows: readonly ResourceRow[], text: string): boolean {
  return rows.length > 0 && scopeOf(program, rows)?.words.test(text) === true;
}

function scopeOf(program: Program, rows: readonly ResourceRow[]): Scope | undefined {
  if (rows.length === 0) return undefined;
  let byRows = scopes.get(program);
  if (byRows === undefined) {
    byRows = new Map();
    scopes.set(program, byRows);
  }
  if (!byRows.has(rows)) {
    const present = rows.filter((row) => isIn(program, row));
    const scope =
      present.length === 0
        ? undefined
        : { resources: new DeclaredResources(present), words: wordsOf(present) };
    byRows.set(rows, scope);
  }
  return byRows.get(rows);
}

function isIn(program: Program, { from }: ResourceRow): boolean {
  if (from === undefined || from === 'lib' || 'file' in from) return true;
  const names = packagesOf(from.package);
  if (hasPackage(program, names)) return true;
  return program
    .getSourceFiles()
    .some(({ ambientModuleNames = [] }) =>
      ambientModuleNames.some((module) =>
        names.some((name) => module === name || module.startsWith(`${name}/`)),
      ),
    );
}

/** A file that has neither a type's name, nor a release, nor one of the calls that rows name, has nothing to release. */
function wordsOf(rows: readonly ResourceRow[]): RegExp {
  const words = new Set<string>();
  for (const { name, release = [], gives = [], arenas = [] } of rows) {
    if (name !== undefined && name !== '*') words.add(`\\b${name}\\b`);
    for (const method of release) {
      const symbol = /^\[(?<name>.*)\]$/.exec(method)?.groups?.['name'];
      words.add(symbol === undefined ? `\\.${method}\\b` : symbol.replace('.', String.raw`\.`));
    }
    for (const call of [...gives, ...arenas])
      words.add(`\\b${(call.split('.').at(-1) ?? call).replace(/#.*$/, '')}\\b`);
  }
  return new RegExp([...words].join('|'));
}
