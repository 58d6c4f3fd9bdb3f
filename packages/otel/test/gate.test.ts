import { context, createContextKey, ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { AlwaysOffSampler, AlwaysOnSampler, type Sampler } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { traceFences } from '@dma-fence/otel';
import { lend } from './support/lend.ts';
import { Rig, unsampled } from './support/rig.ts';

/** A sampler that counts how often it is asked. */
function counting(inner: Sampler): Sampler & { asked: number } {
  return {
    asked: 0,
    shouldSample(...parameters) {
      this.asked++;
      return inner.shouldSample(...parameters);
    },
    toString: () => 'counting',
  };
}

async function oneFenceAndWait(rig: Rig): Promise<void> {
  using fence = rig.gpu.createFence();
  const waited = fence.wait();
  fence.signal();
  await waited;
}

describe('what is sampled', () => {
  it('is asked of the SDK where there is no parent', async () => {
    const sampler = counting(new AlwaysOffSampler());
    await using rig = await Rig.start({ sampler });
    await oneFenceAndWait(rig);
    expect(sampler.asked).toBe(2);
    expect(await rig.spans()).toEqual([]);
  });

  it('is not asked of the SDK under an unsampled parent', async () => {
    const sampler = counting(new AlwaysOnSampler());
    await using rig = await Rig.start({ sampler });
    await context.with(unsampled(), () => oneFenceAndWait(rig));
    expect(sampler.asked).toBe(0);
    expect(await rig.spans()).toEqual([]);
  });

  it('is asked all the same with sampling: ask, for samplers that overrule the parent', async () => {
    const sampler = counting(new AlwaysOnSampler());
    await using rig = await Rig.start({ sampler, sampling: 'ask' });
    await context.with(unsampled(), () => oneFenceAndWait(rig));
    expect(sampler.asked).toBe(2);
    expect(await rig.spans()).toHaveLength(2);
  });

  it('is nothing outside of a span with requireParent, an invalid parent being none', async () => {
    const sampler = counting(new AlwaysOnSampler());
    await using rig = await Rig.start({ sampler, requireParent: true });
    await oneFenceAndWait(rig);
    const invalid = { traceId: '0'.repeat(32), spanId: '0'.repeat(16), traceFlags: 1 };
    await context.with(trace.setSpanContext(ROOT_CONTEXT, invalid), () => oneFenceAndWait(rig));
    await context.with(ROOT_CONTEXT.setValue(createContextKey('mine'), 1), () => oneFenceAndWait(rig));
    expect(sampler.asked).toBe(0);
    await rig.inside('request', () => oneFenceAndWait(rig));
    expect(await rig.spans()).toHaveLength(3);
  });

  it('is nothing where tracing is suppressed', async () => {
    const sampler = counting(new AlwaysOnSampler());
    await using rig = await Rig.start({ sampler });
    await context.with(suppressTracing(context.active()), () => oneFenceAndWait(rig));
    expect(sampler.asked).toBe(0);
  });
});

describe('without an SDK', () => {
  it('nothing is kept on a fence, until a provider is registered', async () => {
    using _tracing = traceFences();
    await using rig = await Rig.start({ tracing: false });
    using early = rig.gpu.createFence();
    expect(early.traceState).toBeUndefined();
    early.signal();
    trace.setGlobalTracerProvider(rig.provider);
    lend(rig.gpu.createFence()).signal();
    trace.disable();
    expect((await rig.spans()).map(({ name }) => name)).toEqual(['fence ring0']);
  });
});
