/** What npm and pnpm print when they fail, and what a person can do about it. The first that fits is said. */
const CAUSES = /** @type {const} */ ([
  [
    /stood still for \d+ s/,
    'npm stood still and was stopped: name a HOME that can be written, HOME=/tmp npm start, or check the network',
  ],
  [
    /\b407\b|proxy authentication/i,
    'the proxy asks for a name and password: put them into its address, npm config set https-proxy http://NAME:PASSWORD@HOST:PORT',
  ],
  [/\b(?:ENOSPC)\b|no space left/i, 'no space is left on the disk: make room'],
  [
    /\b(?:EACCES|EPERM|EROFS|ENOTDIR)\b|permission denied|read-only file system|not a directory/i,
    'a folder cannot be written, often the one in HOME: try npm_config_cache=/tmp/npm-cache HOME=/tmp npm start',
  ],
  [
    /CERT|certificate/i,
    'the registry’s certificate is not trusted: give your own authority to Node, NODE_EXTRA_CA_CERTS=FILE',
  ],
  [
    /\b(?:E401|E403)\b|\b40[13]\b/,
    'the registry refuses: look at the registry and the login of your npm, npm config get registry',
  ],
  [
    /\bE404\b|\b404\b|ETARGET|No matching version/i,
    'the registry does not have it: look at the registry of your npm, npm config get registry',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EPIPE|socket|network|fetch|tunnel|dns|error sending request|timed? ?out/i,
    'the registry does not answer: check the network, or name your proxy, npm config set https-proxy http://HOST:PORT',
  ],
  [/OUTDATED_LOCKFILE|lockfile/i, 'package.json and pnpm-lock.yaml do not agree: npx pnpm install'],
]);

/**
 * What is added to the output of a command that was stopped, since by itself it says nothing.
 *
 * @param {number} seconds
 * @returns {string}
 */
export const stoodStill = (seconds) => `\nit stood still for ${String(seconds)} s\n`;

/**
 * One line that says what failed, why, and what to do.
 *
 * @param {string} what
 * @param {string} text all that the command printed
 * @returns {string}
 */
export function complaintOf(what, text) {
  const lines = text
    .split('\n')
    .map((line) => line.replace(/^npm (?:error|ERR!|warn)\s*/i, '').trim())
    .filter((line) => line !== '' && !line.startsWith('A complete log'));
  const cause = CAUSES.find(([pattern]) => pattern.test(text));
  if (cause !== undefined) {
    const code = /\b(?:E[A-Z_]{3,}|ERR_[A-Z_]+|HTTP \d{3})\b/.exec(text)?.[0];
    return `${what}${code === undefined ? '' : ` (${code})`}: ${cause[1]}`;
  }
  return `${what}: ${lines.at(-1) ?? 'the command printed nothing'}`;
}
