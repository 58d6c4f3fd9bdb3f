import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { KINDS } from './engines.js';

interface Span {
  name: string;
  traceId: string;
  spanId: string;
  links?: { traceId: string; spanId: string; flags?: number }[];
}

/** What a collector is to two processes: takes their spans over HTTP. */
async function receiver() {
  const spans: Span[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { resourceSpans } = JSON.parse(body) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] };
      spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
      response.end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    spans,
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1/traces`,
    [Symbol.dispose]() {
      server.close();
    },
  };
}

const program = fileURLToPath(new URL('tracer.js', import.meta.url));

describe.each(KINDS)('on $name', ({ name, installed, start }) => {
  const skipped = installed ? '' : `SKIPPED, no ${name} server: `;

  // Whoever waits before the owner makes its fence learns of the span with the signal.
  test.skipIf(!installed).each([
    ['own', 'wait'],
    ['wait', 'own'],
  ])(
    `${skipped}the span of the waiter's fence is linked to the owner's, begun by %s`,
    async (first, second) => {
      await using server = await start();
      using collector = await receiver();
      const run = (role: string) =>
        spawn(process.execPath, [program, role, name, String(server.port), 'frames', collector.url], {
          stdio: ['ignore', 'pipe', 'inherit'],
        });
      const one = run(first);
      await once(one.stdout, 'data');
      const two = run(second);
      await Promise.all([once(one, 'exit'), once(two, 'exit')]);
      const fences = collector.spans.filter((span) => span.name === 'fence frames');
      expect(fences).toHaveLength(2);
      const linked = fences.filter(({ links = [] }) => links.length > 0);
      expect(linked).toHaveLength(1);
      const [{ links: [link] = [] }] = linked as [Span];
      const [made] = fences.filter((span) => !linked.includes(span)) as [Span];
      expect(link).toMatchObject({ traceId: made.traceId, spanId: made.spanId });
      // Bit 9 of the flags says that the link knows whether it is remote, bit 10 that it is.
      expect((link?.flags ?? 0) & 0x300).toBe(0x300);
    },
  );
});
