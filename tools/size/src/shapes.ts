import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One way to import from a package, and what it may cost. */
export interface Shape {
  /** What somebody who imports this wants. */
  name: string;
  /** The imported names, by specifier; `*` for all. */
  imports: Record<string, string[]>;
  /** Peers that are not counted: they are in the bundle already, and have ceilings of their own. */
  external?: string[];
  /** Bytes, minified and brotli-compressed, that it must not exceed. */
  ceiling: number;
  /** Identifiers of parts that this import does not use, so they have no business in the bundle. */
  mustNotAppear: string[];
  /** Whether the READMEs promise this size: then they state the ceiling. */
  promised: boolean;
}

/** A package's `size.json`. */
interface SizeFile {
  /** Why the ceilings stand where they do. */
  story: string;
  shapes: Shape[];
}

/** Reads the shapes of a package; none where size is no concern of its users (it has no `size.json`). */
export function readShapes(folder: string): Shape[] {
  const file = join(folder, 'size.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SizeFile).shapes : [];
}

/** The module that imports a shape and keeps it alive. */
export function moduleOf(shape: Shape): string {
  return Object.entries(shape.imports)
    .map(([specifier, names]) =>
      names.includes('*')
        ? `export * from '${specifier}';`
        : `export { ${names.join(', ')} } from '${specifier}';`,
    )
    .join('\n');
}

/** How a README writes a ceiling: `2.5 kB`. */
export function kilobytes(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`;
}
