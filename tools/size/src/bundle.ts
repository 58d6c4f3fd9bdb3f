import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { type Plugin, rolldown } from 'rolldown';

/** What a bundler makes of an import. */
export interface Bundle {
  /** Readable, with the library's own names. */
  code: string;
  /** Bytes on the wire: minified, then brotli. */
  bytes: number;
}

const ENTRY = 'import-shape.js';

/** Hands rolldown an entry module that exists only as text. */
function virtualEntry(folder: string, text: string): Plugin {
  const id = join(folder, ENTRY);
  return {
    name: 'virtual-entry',
    resolveId: (source) => (source === ENTRY ? id : undefined),
    load: (source) => (source === id ? text : undefined),
  };
}

/**
 * Bundles the text of a module as an application in `folder` would: from what is published, with everything
 * unused shaken off. What is `external` is left out, as a peer that is counted elsewhere.
 */
export async function bundle(folder: string, text: string, external: string[] = []): Promise<Bundle> {
  const build = await rolldown({
    input: ENTRY,
    cwd: folder,
    external,
    platform: 'neutral',
    plugins: [virtualEntry(folder, text)],
    onLog: (level, log) => {
      if (level === 'warn') throw new Error(log.message);
    },
  });
  try {
    const readable = await build.generate({ format: 'esm' });
    const small = await build.generate({ format: 'esm', minify: true });
    return { code: readable.output[0].code, bytes: brotliCompressSync(small.output[0].code).length };
  } finally {
    await build.close();
  }
}
