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

const scopes = new WeakMap<Program, Map<string, Scope | undefined>>();

const texts = new WeakMap<readonly ResourceRow[], string>();

/** Some tools hand over new settings with each file: rows are known by what they say. */
function textOf(rows: readonly ResourceRow[]): string {
  let text = texts.get(rows);
  if (text === undefined) {
    text = JSON.stringify(rows);
    texts.set(rows, text);
  }
  return text;
}

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
  const key = textOf(rows);
  if (!byRows.has(key)) {
    const present = rows.filter((row) => isIn(program, row));
    const scope =
      present.length === 0
        ? undefined
        : { resources: new DeclaredResources(present), words: wordsOf(present) };
    byRows.set(key, scope);
  }
  return byRows.get(key);
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

/**
 * A file that has none of these has nothing to release: a type's name, one of the calls that give or that rows name, a
 * package. What the platform has is known by such words alone; `close()` is in every other file.
 */
function wordsOf(rows: readonly ResourceRow[]): RegExp {
  const words = new Set<string>();
  for (const row of rows) {
    const { name, gives = [], arenas = [], from } = row;
    if (name !== undefined && name !== '*') words.add(String.raw`\b${name}\b`);
    for (const call of [...gives, ...arenas]) {
      const [owner = call] = call.split('.');
      // Of a callback, `output` and `write` are anybody's words: `VideoDecoderInit` goes with a `VideoDecoder`.
      const word = call.includes('#') ? owner.replace(/Init$/, '') : (call.split('.').at(-1) ?? call);
      words.add(String.raw`\b${word}\b`);
    }
    // A class that is known by its methods may have any name.
    if (name === '*' || isGeneral(row)) words.add(String.raw`\bnew\b`);
    if (from === 'lib' && !isGeneral(row)) continue;
    const packages = typeof from === 'object' && 'package' in from ? packagesOf(from.package) : [];
    if (packages.some((one) => one.startsWith('@types/node'))) continue;
    for (const one of packages) words.add(`['"]${one}`);
    for (const method of row.release ?? []) {
      const symbol = /^\[(?<name>.*)\]$/.exec(method)?.groups?.['name'];
      words.add(symbol === undefined ? String.raw`\.${method}\b` : symbol.replace('.', String.raw`\.`));
    }
  }
  return new RegExp([...words].join('|'));
}

function isGeneral({ name, from }: ResourceRow): boolean {
  return from === 'lib' && (name === 'Disposable' || name === 'AsyncDisposable');
}
