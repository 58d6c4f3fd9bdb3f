import { DmaFenceContext } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { OtlpReceiver } from '../../../../packages/otel/test/support/otlp-receiver.ts';
import { RunTrace } from '../../src/trace/run-trace.ts';
import { tracesUrl } from '../../src/trace/traces-url.ts';
import { WorkRecord } from '../../src/pipeline/work.ts';

/** A picture on two queues, one job of which waits for the other. */
async function twoJobs(): Promise<void> {
  const engine = new DmaFenceContext({ driverName: 'demo', timelineName: 'engine-0' });
  const uploads = new DmaFenceContext({ driverName: 'demo', timelineName: 'upload-0' });
  const displays = new DmaFenceContext({ driverName: 'demo', timelineName: 'display' });
  using shown = displays.createFence(new WorkRecord('hills', 3, 0));
  using upload = uploads.createFence(new WorkRecord('hills upload', 3, 0));
  using job = engine.createFence(new WorkRecord('hills blur across 1/2', 3, 0));
  const waited = upload.wait();
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
      'demo: picture in run',
      'demo display: display in picture',
      'demo upload-0: upload in picture',
      'demo engine-0: blur across in picture',
      'demo upload-0: wait upload-0 in picture',
    ]);
    expect(new Set(receiver.spans.map(({ traceId }) => traceId))).toEqual(new Set([sent.traceId]));
    expect(sent).toMatchObject({ url: receiver.url('traces'), spans: 6, lost: 0, cut: false });
    const blur = receiver.spans.find(({ name }) => name === 'blur across');
    const { 'dma_fence.context': context, 'dma_fence.seqno': seqno } = blur?.attributes ?? {};
    expect(blur?.attributes).toMatchObject({
      'demo.work': 'hills blur across 1/2',
      'demo.picture': 3,
      // As others name it that are blocked by it.
      'demo.fence': `${String(context)}:${String(seqno)}`,
    });
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
    expect(sent).toMatchObject({ spans: 10_001, lost: 0, cut: true });
  });

  test('ends all the same when there is no collector, and says what was lost', async () => {
    const receiver = await OtlpReceiver.listen();
    const url = receiver.url('traces');
    receiver.answer = 400;
    const run = new RunTrace(url, {});
    await run.inside(() => run.picture('hills', twoJobs));
    expect(await run.end()).toMatchObject({ url, spans: 0, lost: 6 });
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
    ['http://b/v1/traces', { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://a/x' }, 'http://b/v1/traces'],
  ])('asked for %s with %o is %s', (asked, env, url) => {
    expect(tracesUrl(asked, env)).toBe(url);
  });
});
