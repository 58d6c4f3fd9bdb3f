import { DmaFenceContext } from '@dma-fence/core';
import { hostname } from 'node:os';
import { describe, expect, test } from 'vitest';
import { OtlpReceiver } from '../../../../packages/otel/test/support/otlp-receiver.ts';
import { RunTrace } from '../../src/trace/run-trace.ts';
import { printableUrl, tracesUrl } from '../../src/trace/traces-url.ts';
import { asWorkOf, WorkRecord } from '../../src/pipeline/work.ts';
import { monotonicNow } from '../../src/clock.ts';

/** A picture on two queues, one job of which waits for the other. */
async function twoJobs(): Promise<void> {
  const engine = new DmaFenceContext({ driverName: 'demo', timelineName: 'engine-0' });
  const uploads = new DmaFenceContext({ driverName: 'demo', timelineName: 'upload-0' });
  const displays = new DmaFenceContext({ driverName: 'demo', timelineName: 'display' });
  using shown = displays.createFence(new WorkRecord('hills', 3, 0));
  using upload = uploads.createFence(new WorkRecord('hills upload', 3, 0));
  using job = engine.createFence(new WorkRecord('hills blur across 1/2', 3, 0));
  const waited = asWorkOf(job, () => upload.wait());
  const { data } = upload;
  data.startedAt = monotonicNow();
  data.endedAt = data.startedAt + 5;
  upload.signal();
  await waited;
  job.signal();
  shown.signal();
}

describe('a run that is sent to a collector', () => {
  test('is one trace: the run, its pictures, their fences, each queue a service of its own', async () => {
    await using receiver = await OtlpReceiver.listen();
    const run = new RunTrace(receiver.url('traces'), { 'demo.run': '1 picture' });
    await run.inside(() => run.picture('hills', twoJobs));
    const sent = await run.end();
    const rows = receiver.spans
      .toSorted((a, b) => Number(a.start - b.start))
      .map(({ name, parentSpanId, resource }) => {
        const parent = receiver.spans.find(({ spanId }) => spanId === parentSpanId);
        return `${String(resource['service.name'])}: ${name} in ${parent?.name ?? 'nothing'}`;
      });
    expect(rows).toEqual([
      'demo: run in nothing',
      'demo: run begins in run',
      'demo: picture hills in run',
      'demo display: display in picture hills',
      'demo upload-0: upload in picture hills',
      'demo engine-0: blur across in picture hills',
      'demo engine-0: wait upload-0 in blur across',
      'demo upload-0: work in upload',
    ]);
    expect(new Set(receiver.spans.map(({ traceId }) => traceId))).toEqual(new Set([sent.traceId]));
    expect(sent).toMatchObject({ url: receiver.url('traces'), spans: 8, lost: 0, cut: false });
    const blur = receiver.spans.find(({ name }) => name === 'blur across');
    const { 'dma_fence.context': context, 'dma_fence.seqno': seqno } = blur?.attributes ?? {};
    expect(blur?.attributes).toMatchObject({
      'demo.work': 'hills blur across 1/2',
      'demo.picture': 3,
      // As others name it that are blocked by it.
      'demo.fence': `#${String(context)}:${String(seqno)}.`,
    });
    // Whose wait it is, not whose fence.
    const wait = receiver.spans.find(({ name }) => name === 'wait upload-0');
    expect(wait?.attributes).toMatchObject({
      'demo.work': 'hills blur across 1/2',
      'dma_fence.waiter': `${String(context)}:${String(seqno)}`,
    });
    // Viewers correct clocks of hosts that are not the same.
    for (const { resource } of receiver.spans) expect(resource['host.name']).toBe(hostname());
  });

  test('leaves out what a viewer could not show', async () => {
    await using receiver = await OtlpReceiver.listen();
    const run = new RunTrace(receiver.url('traces'), {});
    const engine = new DmaFenceContext({ driverName: 'demo', timelineName: 'engine-0' });
    await run.inside(() => {
      for (let count = 0; count < 10_100; count++) {
        using fence = engine.createFence(new WorkRecord('job', 0, 0));
        fence.signal();
      }
      return Promise.resolve();
    });
    const sent = await run.end();
    expect(sent).toMatchObject({ spans: 10_000, lost: 0, cut: true });
  });

  test('is found while it goes on: a span of it is there at once', async () => {
    await using receiver = await OtlpReceiver.listen();
    using run = new RunTrace(receiver.url('traces'), { 'demo.run': '1 picture' });
    await expect
      .poll(() => receiver.spans.map(({ name, traceId }) => [name, traceId]))
      .toEqual([['run begins', run.traceId]]);
    await run.end();
  });

  test('too long for one trace has one for each picture, linked to the run and found from there', async () => {
    await using receiver = await OtlpReceiver.listen();
    const run = new RunTrace(receiver.url('traces'), {}, 10_001);
    await run.inside(async () => {
      await run.picture('hills', twoJobs);
      await run.picture('lake', twoJobs);
    });
    const { traceId, cut } = await run.end();
    expect(cut).toBe(false);
    const named = (text: string) => receiver.spans.filter(({ name }) => name === text);
    const [hills] = named('picture hills');
    const [lake] = named('picture lake');
    const [way] = named('picture hills begins');
    const [root] = named('run');
    expect(new Set([traceId, hills?.traceId, lake?.traceId]).size).toBe(3);
    expect(hills).toMatchObject({ parentSpanId: '', links: [{ traceId, spanId: root?.spanId }] });
    expect(way).toMatchObject({ traceId, links: [{ traceId: hills?.traceId, spanId: hills?.spanId }] });
    const jobs = named('blur across');
    expect(jobs.map((job) => job.traceId)).toEqual([hills?.traceId, lake?.traceId]);
  });

  test('shows as an error which picture failed, and which tries did', async () => {
    await using receiver = await OtlpReceiver.listen();
    const run = new RunTrace(receiver.url('traces'), {});
    const began = performance.now();
    await run.inside(async () => {
      await run.picture('good', () => {
        run.failedTry('ETIME', began);
        return Promise.resolve('fine');
      });
      await run.picture(
        'bad',
        () => Promise.resolve('wrong'),
        (result) => result,
      );
      await run.picture('ugly', () => Promise.reject(new Error('gone'))).catch(() => undefined);
    });
    await run.end();
    const errors = receiver.spans.filter(({ status }) => status === 2);
    expect(errors.map(({ name, attributes }) => [name, attributes['error.type']])).toEqual([
      ['failed try', 'ETIME'],
      ['picture bad', 'picture'],
      ['picture ugly', 'picture'],
    ]);
    expect(errors[0]?.start).toBeLessThan(errors[0]?.end ?? 0n);
    const good = receiver.spans.find(({ name }) => name === 'picture good');
    expect(errors[0]?.parentSpanId).toBe(good?.spanId);
  });

  test('ends all the same when there is no collector, and says what was lost', async () => {
    const receiver = await OtlpReceiver.listen();
    const url = receiver.url('traces');
    receiver.answer = 400;
    const run = new RunTrace(url, {});
    await run.inside(() => run.picture('hills', twoJobs));
    expect(await run.end()).toMatchObject({
      url,
      spans: 0,
      lost: 8,
      reason: 'it answers 400 Bad Request',
    });
    await receiver[Symbol.asyncDispose]();
  });
});

describe('where traces go', () => {
  test.each<[string | undefined, NodeJS.ProcessEnv, string | undefined]>([
    [undefined, {}, undefined],
    [undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: '' }, undefined],
    [undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318' }, 'http://a:4318/v1/traces'],
    [undefined, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://a/x' }, 'http://a/x'],
    ['http://b:4318/', { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318' }, 'http://b:4318/v1/traces'],
    [undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a:4318', OTEL_SDK_DISABLED: 'true' }, undefined],
    ['http://b/v1/traces/', {}, 'http://b/v1/traces'],
    ['http://b/v1/traces?key=1', {}, 'http://b/v1/traces?key=1'],
    ['http://b/otlp/?key=1', {}, 'http://b/otlp/v1/traces?key=1'],
    [undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: ' http://a:4318 ' }, 'http://a:4318/v1/traces'],
    [undefined, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: ' ' }, undefined],
    ['http://b/v1/traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://a/x' }, 'http://b/v1/traces'],
  ])('asked for %s with %o is %s', (asked, env, url) => {
    expect(tracesUrl(asked, env)).toBe(url);
  });

  test('is said without a password, and without what follows the path', () => {
    expect(printableUrl('https://me:secret@a:4318/v1/traces?token=secret#secret')).toBe(
      'https://a:4318/v1/traces',
    );
  });

  test.each([
    ['localhost:4318', {}, '--otlp'],
    [undefined, { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' }, 'OTEL_EXPORTER_OTLP_ENDPOINT'],
    [undefined, { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'a' }, 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
  ])('an address that is none is refused, from wherever it comes: %s, %o', (asked, env, where) => {
    expect(() => tracesUrl(asked, env)).toThrow(`${where} takes an http address`);
  });
});
