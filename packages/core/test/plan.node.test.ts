import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';
import { describe, expect, test } from 'vitest';

/** Which folders of `src` a folder may import by value, besides the files beside the folders. Lower ones know nothing of higher ones. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  testing: ['debug', 'fence', 'lockdep', 'tracer'],
  debug: ['container', 'fence', 'lockdep', 'producer', 'tracer'],
  lockdep: ['container', 'fence', 'producer'],
  producer: ['fence', 'sync-object', 'wait'],
  shared: ['fence', 'tracer'],
  reservation: ['container', 'fence', 'wait'],
  'sync-object': ['container', 'fence', 'tracer', 'wait'],
  container: ['fence', 'tracer'],
  wait: ['fence', 'tracer'],
  tracer: ['fence'],
  fence: ['tracer', 'wait'],
};

/** The one ring: the state machine of a fence, with what hangs on it. Its head, `fence/fence.ts`, says in which order to read it. */
const RING = [
  'fence/attachment.ts',
  'fence/callback-list.ts',
  'fence/callback.ts',
  'fence/fence.ts',
  'fence/release.ts',
  'signalling.ts',
  'wait/fence-wait.ts',
];

const src = join(import.meta.dirname, '../src');

/** What each file imports by value. A `type` import is gone at run time. */
const imports = new Map(
  readdirSync(src, { encoding: 'utf8', recursive: true })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => {
      const text = readFileSync(join(src, file), 'utf8');
      const froms = text.matchAll(/^(?:import|export) (?!type )[^;]*?from '(\.[^']+)\.js';$/gm);
      return [
        file.split(sep).join('/'),
        Array.from(froms, ([, from = '']) =>
          normalize(join(dirname(file), `${from}.ts`))
            .split(sep)
            .join('/'),
        ),
      ] as const;
    }),
);

/** All files that can be reached from `file`. */
function reach(file: string, seen = new Set<string>()): Set<string> {
  for (const next of imports.get(file) ?? []) {
    if (seen.has(next)) continue;
    seen.add(next);
    reach(next, seen);
  }
  return seen;
}

describe('the plan of src', () => {
  test('every import names a file that is there', () => {
    const missing = [...imports].flatMap(([file, froms]) =>
      froms.filter((from) => !imports.has(from)).map((from) => `${file} -> ${from}`),
    );
    expect(missing).toEqual([]);
    expect(imports.size).toBeGreaterThan(80);
  });

  test('folders import what is below them', () => {
    const folderOf = (file: string): string => (file.includes('/') ? dirname(file) : '');
    const against = [...imports].flatMap(([file, froms]) =>
      froms
        .filter((from) => {
          const [here, there] = [folderOf(file), folderOf(from)];
          return here !== '' && there !== '' && here !== there && MAY_IMPORT[here]?.includes(there) !== true;
        })
        .map((from) => `${file} -> ${from}`),
    );
    expect(against).toEqual([]);
  });

  test('there is one ring', () => {
    const inRing = [...imports.keys()].filter((file) => reach(file).has(file)).sort();
    expect(inRing).toEqual(RING);
  });
});
