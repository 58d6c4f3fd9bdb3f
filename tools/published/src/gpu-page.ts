import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Bundles a module for browsers, with ours as they are published, and with our own small `vitest`. */
export async function bundleForBrowser(entry: string): Promise<string> {
  const build = await rolldown({
    input: here(`../webgpu/${entry}`),
    cwd: here('..'),
    platform: 'browser',
    resolve: { alias: { vitest: here('../webgpu/little-vitest.ts') } },
    // The rig of the suite loads the npm package in Node alone.
    external: ['webgpu'],
    // Tests are all side effect, whatever their package says of what it publishes.
    treeshake: false,
  });
  try {
    const { output } = await build.generate({ format: 'esm', codeSplitting: false });
    return output[0].code;
  } finally {
    await build.close();
  }
}

/** A server that has a few modules and pages, and hears reports; isolated, as `SharedArrayBuffer` asks for. */
export interface GpuServer extends AsyncDisposable {
  /** Where it is, without a slash at the end. */
  url: string;
  /** The next report that a page sends; rejects when it stays away for three minutes. */
  report(): Promise<unknown>;
}

/** A page that stands still gets no frames from its browser, or has no device. */
const SILENT = `A page opened last is silent for three minutes. If other pages with WebGPU pass and this one has a canvas, \
the browser gives it no frames: Debian's mesa-vulkan-drivers was missing where that was seen.`;
const PATIENCE_MS = 180_000;

/** Starts it. `files` are texts, by path. */
export async function serveModules(files: Record<string, string>): Promise<GpuServer> {
  const reports: unknown[] = [];
  let waiting: ((report: unknown) => void) | undefined;
  const hear = (report: unknown): void => {
    if (waiting === undefined) reports.push(report);
    else waiting(report);
    waiting = undefined;
  };
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '/';
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
    response.setHeader('Cross-Origin-Embedder-Policy', 'require-corp');
    if (path === '/report') {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.end();
        hear(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      });
      return;
    }
    const text = files[path];
    response.setHeader('Content-Type', path.endsWith('.js') ? 'text/javascript' : 'text/html');
    response.statusCode = text === undefined ? 404 : 200;
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    report: () =>
      new Promise((resolve, reject) => {
        if (reports.length > 0) {
          resolve(reports.shift());
          return;
        }
        const patience = setTimeout(() => {
          waiting = undefined;
          reject(new Error(SILENT));
        }, PATIENCE_MS);
        waiting = (report) => {
          clearTimeout(patience);
          resolve(report);
        };
      }),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** A page that loads a module itself, and one in which a worker does. */
export const PAGE = (module: string): string =>
  `<!doctype html><script type="module" src="${module}"></script>`;
export const WORKER_PAGE = (module: string): string =>
  `<!doctype html><script>globalThis.worker = new Worker('${module}', { type: 'module' });</script>`;
