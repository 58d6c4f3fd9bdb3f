import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const MODULE = 'text/javascript';
const here = (path: string): URL => new URL(path, import.meta.url);

/** What is served: modules by folder, as they were built. The page's import map leads to them. */
const FOLDERS: Readonly<Record<string, URL>> = {
  '/page/': here('../../dist/page/'),
  '/core/': new URL('./', import.meta.resolve('@dma-fence/core')),
  '/webgpu/': new URL('./', import.meta.resolve('@dma-fence/webgpu')),
};
const FILES: Readonly<Record<string, readonly [URL, string]>> = {
  '/': [here('../../page/gpu.html'), 'text/html; charset=utf-8'],
  '/timeline.css': [here('../../page/timeline.css'), 'text/css'],
  '/gpu.css': [here('../../page/gpu.css'), 'text/css'],
};

/** Which file a path asks for, and what it is; undefined for none. */
function fileOf(path: string): readonly [URL, string] | undefined {
  const file = FILES[path];
  if (file !== undefined) return file;
  for (const [prefix, folder] of Object.entries(FOLDERS)) {
    // A URL has no `..` left in it; what is not a plain name of a module is nothing.
    if (path.startsWith(prefix) && /^[\w/-]+\.js$/.test(path.slice(prefix.length))) {
      return [new URL(path.slice(prefix.length), folder), MODULE];
    }
  }
  return undefined;
}

/** Serves the GPU page to this machine alone; stops when it is disposed of. */
export async function serveGpuPage(port: number): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const [file, type] = fileOf(pathname) ?? [];
    const found = file === undefined ? Promise.reject(new Error('no such file')) : readFile(file);
    found.then(
      (content) => response.writeHead(200, { 'Content-Type': type }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
