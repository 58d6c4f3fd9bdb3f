import { posix } from 'node:path';

/** Code is left alone: a fenced block, or a span. */
const PART = /^(?<fence>`{3,}|~{3,})[^]*?^\k<fence>[^\n]*$|`[^`\n]+`|(?<=\]\()(?<url>[^)\s]+)(?=\))/gm;

/**
 * A package's README as npm shows it: there is no repository around it, so every relative link names its file in full,
 * and every picture the bytes of it.
 *
 * @param {string} text
 * @param {string} folder of the package, from the root
 * @param {string} repository `owner/name`
 * @returns {string}
 */
export function npmReadme(text, folder, repository) {
  return text.replaceAll(PART, (/** @type {unknown[]} */ ...found) => {
    const { url } = /** @type {{ url?: string }} */ (found.at(-1));
    if (url === undefined || URL.canParse(url) || url.startsWith('#')) return String(found[0]);
    const view = /\.(?:png|svg|jpg|webp|gif)$/.test(url) ? 'raw' : 'blob';
    return `https://github.com/${repository}/${view}/main/${posix.join(folder, url)}`;
  });
}

/**
 * What a manifest says of the repository that it was built in.
 *
 * @param {string} folder of the package, from the root
 * @param {string} repository `owner/name`
 */
export function addresses(folder, repository) {
  const address = `https://github.com/${repository}`;
  return {
    homepage: `${address}/tree/main/${folder}#readme`,
    bugs: { url: `${address}/issues` },
    repository: { type: 'git', url: `git+${address}.git`, directory: folder },
  };
}
