/** Serves a folder on this machine only, as a static host would: for the tests. */
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/**
 * @param {string} folder
 * @returns {Promise<{ url: string; close: () => void }>}
 */
export function serve(folder) {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname));
    const named = join(folder, path.endsWith('/') ? `${path}index.html` : path);
    const file = existsSync(named) && statSync(named).isFile() ? named : `${named}.html`;
    if (!file.startsWith(folder) || !existsSync(file)) {
      response.writeHead(404).end('there is no such page');
      return;
    }
    response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      resolve({
        url: `http://127.0.0.1:${String(port)}`,
        close: () => {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
}
