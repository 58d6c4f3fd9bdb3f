import { ROOT_CONTEXT } from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { createServer, get, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { OtlpReceiver } from '../../../../packages/otel/test/support/otlp-receiver.ts';
import { Delivery, deliveryReason } from '../../src/trace/delivery.ts';

async function listening(server: Server): Promise<string> {
  const sockets = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1/traces`;
}

/** The address of a server that answers every request so. */
function answering(answer: RequestListener): Promise<string> {
  return listening(
    createServer((request, response) => {
      request.resume();
      request.on('end', () => {
        answer(request, response);
      });
    }),
  );
}

/** Sends one span, and says what became of it. */
async function sendOne(url: string) {
  using delivery = new Delivery(url);
  const hindrance = await delivery.check();
  const provider = new TracerProvider({ spanProcessors: [delivery.processor] });
  provider.getTracer('test').startSpan('one', {}, ROOT_CONTEXT).end();
  return { hindrance, ...(await delivery.end()) };
}

/** A length-delimited field of protobuf. */
const field = (number: number, bytes: readonly number[]): number[] => [
  (number << 3) | 2,
  bytes.length,
  ...bytes,
];

describe('what is sent to a collector', () => {
  test('is checked before, and counted after', async () => {
    await using receiver = await OtlpReceiver.listen();
    expect(await sendOne(receiver.url('traces'))).toEqual({
      hindrance: undefined,
      spans: 1,
      lost: 0,
      reason: undefined,
    });
  });

  test.each<[string, RequestListener, string]>([
    [
      'a page',
      (_, response) => {
        response
          .writeHead(200, { 'content-type': 'text/html' })
          .end('<!doctype html><title>Jaeger UI</title>');
      },
      'a web page answers there, not a collector (Jaeger takes traces at port 4318)',
    ],
    [
      'a page that begins with a blank line',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'Text/HTML; charset=utf-8' }).end('\n<!doctype html>');
      },
      'a web page answers there, not a collector (Jaeger takes traces at port 4318)',
    ],
    [
      'another service',
      (_, response) => {
        response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end('{"ok":true}');
      },
      'it answers with application/json, and a collector with application/x-protobuf',
    ],
    [
      'a refusal',
      (_, response) => {
        response.writeHead(401).end();
      },
      'it answers 401 Unauthorized',
    ],
    [
      'another place',
      (_, response) => {
        response.writeHead(302, { location: '/login' }).end();
      },
      'it answers 302 Found',
    ],
  ])('%s in its place is said before and after, and nothing counts as sent', async (_, answer, reason) => {
    expect(await sendOne(await answering(answer))).toEqual({ hindrance: reason, spans: 0, lost: 1, reason });
  });

  test.each([{ 'content-type': 'Application/X-Protobuf; v=1' }, undefined])(
    'counts where the answer is headed %o',
    async (headers) => {
      const url = await answering((_, response) => {
        response.writeHead(200, headers).end();
      });
      expect(await sendOne(url)).toMatchObject({ hindrance: undefined, spans: 1, lost: 0 });
    },
  );

  test('is judged by its own answers, not by those to other requests of the process', async () => {
    await using receiver = await OtlpReceiver.listen();
    const other = await answering((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end();
    });
    using delivery = new Delivery(receiver.url('traces'));
    await new Promise<void>((resolve) => {
      get(other, (response) => {
        response.resume().on('end', resolve);
      });
    });
    expect(await delivery.check()).toBeUndefined();
  });

  test('is not counted where the collector took the request and rejected the spans', async () => {
    const url = await answering((_, response) => {
      const message = field(2, [...Buffer.from('quota')]);
      response
        .writeHead(200, { 'content-type': 'application/x-protobuf' })
        .end(Buffer.from(field(1, [0x08, 1, ...message])));
    });
    expect(await sendOne(url)).toMatchObject({
      spans: 0,
      lost: 1,
      reason: 'the collector rejected them: quota',
    });
  });

  test('is lost where nobody listens, with the reason', async () => {
    const server = createTcpServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const reason = 'connection refused (ECONNREFUSED)';
    expect(await sendOne(`http://127.0.0.1:${String(port)}/v1/traces`)).toEqual({
      hindrance: reason,
      spans: 0,
      lost: 1,
      reason,
    });
  }, 20_000);

  test('does not wait for an answer that never ends', async () => {
    const url = await answering((_, response) => {
      response.writeHead(200, { 'content-type': 'application/x-protobuf' });
      response.write(Buffer.from([0]));
    });
    const { hindrance, spans, lost } = await sendOne(url);
    expect([spans, lost]).toEqual([0, 1]);
    expect(hindrance).toMatch(/no answer|timed out/);
  }, 20_000);
});

describe('why an export failed', () => {
  test.each([
    [
      Object.assign(new Error('write EPROTO'), { code: 'EPROTO' }),
      'no TLS is spoken there; try http (EPROTO)',
    ],
    [Object.assign(new Error('Parse Error'), { code: 'HPE_INVALID_CONSTANT' }), 'no HTTP is spoken there'],
    [Object.assign(new Error(''), { code: 'EAI_AGAIN' }), 'unknown host (EAI_AGAIN)'],
    [Object.assign(new Error('odd\nand long'), { code: 'EODD' }), 'odd (EODD)'],
    [new Error('Request timed out'), 'Request timed out'],
  ])('%s is said in one line', (error, line) => {
    expect(deliveryReason(error)).toContain(line);
    expect(deliveryReason(error)).not.toContain('\n');
  });
});
