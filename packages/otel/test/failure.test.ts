import { FenceError, traceDependency, type FenceErrorCode } from '@dma-fence/core';
import { diag, DiagLogLevel } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { lend } from './support/lend.ts';
import { Rig } from './support/rig.ts';

describe('a fence that failed', () => {
  it('has status ERROR and error.type, and tells no message', async () => {
    await using rig = await Rig.start();
    lend(rig.gpu.createFence()).fail(new FenceError('EIO', 'page 0xdeadbeef of the customer'));
    const span = await rig.span('fence ring0');
    expect(span).toMatchObject({ status: 2, statusMessage: '', attributes: { 'error.type': 'EIO' } });
    expect(JSON.stringify(rig.receiver.spans, (_, value: unknown) => String(value))).not.toContain(
      'customer',
    );
  });

  it('is no error when it was canceled, but shows it', async () => {
    await using rig = await Rig.start();
    lend(rig.gpu.createFence()).fail('ECANCELED');
    const { status, attributes } = await rig.span('fence ring0');
    expect(status).toBe(0);
    expect(attributes).not.toHaveProperty('error.type');
    expect(attributes['dma_fence.state']).toBe('canceled');
  });

  it('is an error if isError says so, and if isError throws', async () => {
    const codes: FenceErrorCode[] = [];
    await using rig = await Rig.start({
      isError({ code }) {
        codes.push(code);
        if (code === 'EBUSY') throw new Error('hook');
        return code === 'ECANCELED';
      },
    });
    for (const code of ['ECANCELED', 'ENODATA', 'EBUSY'] as const) lend(rig.gpu.createFence()).fail(code);
    const spans = await rig.spans();
    expect(codes).toEqual(['ECANCELED', 'ENODATA', 'EBUSY']);
    expect(spans.map(({ status }) => status)).toEqual([2, 0, 2]);
    expect(spans[1]?.attributes['dma_fence.state']).toBe('failed');
  });

  it('names the fence that the error came from', async () => {
    await using rig = await Rig.start();
    const [first, second] = [lend(rig.gpu.createFence()), lend(rig.gpu.createFence())];
    first.fail('EIO');
    second.fail(first.error ?? 'EINVAL');
    const [source, dependant] = await rig.spans();
    expect(source?.attributes).not.toHaveProperty('dma_fence.error.source');
    expect(dependant?.attributes['dma_fence.error.source']).toBe(`${String(rig.gpu.id)}:1`);
  });
});

describe('a failure of which only the code was handed on', () => {
  it('comes from the dependency that failed with that code, through any number of hands', async () => {
    await using rig = await Rig.start();
    const [good, first, second, third] = Array.from({ length: 4 }, () => lend(rig.gpu.createFence()));
    if (!good || !first || !second || !third) throw new Error('four fences');
    traceDependency(second, good);
    traceDependency(second, first);
    traceDependency(third, second);
    good.fail('ENODATA');
    for (const fence of [first, second, third]) fence.fail('EIO');
    const spans = await rig.spans();
    for (const span of spans.slice(2)) {
      expect(span.attributes).toMatchObject({
        'dma_fence.error.source': `${String(rig.gpu.id)}:2`,
        'dma_fence.error.source_span_id': spans[1]?.spanId,
      });
    }
    for (const span of spans.slice(0, 2))
      expect(span.attributes).not.toHaveProperty('dma_fence.error.source');
  });

  it('is its own where no dependency failed so', async () => {
    await using rig = await Rig.start();
    const [input, job] = [lend(rig.gpu.createFence()), lend(rig.gpu.createFence())];
    traceDependency(job, input);
    input.signal();
    job.fail('EIO');
    expect((await rig.spans())[1]?.attributes).not.toHaveProperty('dma_fence.error.source');
  });
});

describe('a hook that throws', () => {
  it('is reported to diag, and the default answers', async () => {
    const reports: unknown[] = [];
    const quiet = {
      warn: () => undefined,
      info: () => undefined,
      debug: () => undefined,
      verbose: () => undefined,
    };
    diag.setLogger({ ...quiet, error: (...message) => reports.push(message[0]) }, DiagLogLevel.ERROR);
    const hook = (): never => {
      throw new Error('hook');
    };
    await using rig = await Rig.start({ include: hook, spanName: hook, onSpan: hook });
    lend(rig.gpu.createFence()).signal();
    diag.disable();
    expect((await rig.span('fence ring0')).status).toBe(0);
    expect(reports).toEqual(
      ['include', 'spanName', 'onSpan'].map((name) => `@dma-fence/otel: ${name}() threw`),
    );
  });
});
