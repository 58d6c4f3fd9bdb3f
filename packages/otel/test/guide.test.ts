import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { guideFiles } from './support/guide.ts';
import { OtlpReceiver } from './support/otlp-receiver.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

describe('the guide’s service', () => {
  it('ends in the trace that the guide describes', async () => {
    await using receiver = await OtlpReceiver.listen();
    // Inside of the package, where its imports are found, and nobody else looks.
    const scratch = fileURLToPath(new URL('../coverage/', import.meta.url));
    mkdirSync(scratch, { recursive: true });
    const folder = mkdtempSync(join(scratch, 'guide-'));
    const files = guideFiles();
    expect([...files.keys()]).toEqual(['server.js', 'tracing.js']);
    try {
      for (const [name, code] of files) writeFileSync(join(folder, name), code);
      const port = await freePort();
      const service = spawn(process.execPath, ['--import', './tracing.js', 'server.js'], {
        cwd: folder,
        env: {
          ...process.env,
          PORT: String(port),
          OTEL_EXPORTER_OTLP_ENDPOINT: receiver.origin,
          NODE_OPTIONS: '',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const printed: string[] = [];
      service.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
      const exited = once(service, 'exit');
      await Promise.race([once(service.stdout, 'data'), exited]);
      const response = await fetch(`http://127.0.0.1:${String(port)}/thumbnail`).catch(() => undefined);
      expect(printed.join('')).toBe('');
      expect(await response?.json()).toEqual({ ready: 'imaging:thumbnails:1:1' });
      service.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
    } finally {
      rmSync(folder, { recursive: true });
    }
    const byName = Object.fromEntries(receiver.spans.map((span) => [span.name, span]));
    expect(Object.keys(byName).sort()).toEqual(['GET', 'fence thumbnails', 'wait thumbnails']);
    const { GET: request, 'fence thumbnails': fence, 'wait thumbnails': wait } = byName;
    expect([fence?.parentSpanId, wait?.parentSpanId]).toEqual([request?.spanId, request?.spanId]);
    expect(wait?.links.map(({ spanId }) => spanId)).toEqual([fence?.spanId]);
    expect(fence?.resource['service.name']).toBe('thumbnails');
    // Else Jaeger takes the whole milliseconds of other spans for a clock that is wrong.
    expect(fence?.resource['host.name']).toBe(hostname());
  });
});
