import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const guide = fileURLToPath(new URL('../../../../docs/tracing.md', import.meta.url));

/** The guide's files: code blocks that begin with their name. */
export function guideFiles(): Map<string, string> {
  const blocks = readFileSync(guide, 'utf8').matchAll(/^( *)```js\n *\/\/ (\S+\.js)\n([\s\S]*?)^ *```$/gm);
  return new Map(
    [...blocks].map(([, indent = '', name = '', code = '']) => [
      name,
      code.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    ]),
  );
}
