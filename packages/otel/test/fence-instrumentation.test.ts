import { FenceInstrumentation } from '@dma-fence/otel';
import { createNoopMeter, metrics, type MeterProvider, type TracerProvider } from '@opentelemetry/api';
import { registerInstrumentations, type Instrumentation } from '@opentelemetry/instrumentation';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { lend } from './support/lend.ts';
import { Rig } from './support/rig.ts';

describe('FenceInstrumentation', () => {
  it('is an Instrumentation, by shape', () => {
    expectTypeOf<FenceInstrumentation>().toExtend<Instrumentation>();
    const instrumentation = new FenceInstrumentation({ enabled: false });
    expect(instrumentation.instrumentationName).toBe('@dma-fence/otel');
    expect(instrumentation.getConfig()).toEqual({ enabled: false });
  });

  it('traces into the provider that it is registered with, until it is unregistered', async () => {
    await using rig = await Rig.start({ tracing: false });
    const unregister = registerInstrumentations({
      instrumentations: [new FenceInstrumentation()],
      tracerProvider: rig.provider,
    });
    lend(rig.gpu.createFence()).signal();
    unregister();
    lend(rig.gpu.createFence()).signal();
    expect(await rig.spans()).toHaveLength(1);
  });

  it('that was off is switched on by registering', async () => {
    await using rig = await Rig.start({ tracing: false });
    const instrumentation = new FenceInstrumentation({ enabled: false });
    lend(rig.gpu.createFence()).signal();
    const unregister = registerInstrumentations({
      instrumentations: [instrumentation],
      tracerProvider: rig.provider,
    });
    lend(rig.gpu.createFence()).signal();
    unregister();
    expect((await rig.span('fence ring0')).attributes['dma_fence.seqno']).toBe('2');
  });

  it('keeps to the provider of its own options, and to false for metrics', async () => {
    await using mine = await Rig.start({ tracing: false });
    await using global = await Rig.start({ tracing: false });
    const meters: string[] = [];
    const meterProvider: MeterProvider = {
      getMeter(name) {
        meters.push(name);
        return createNoopMeter();
      },
    };
    const instrumentation = new FenceInstrumentation({ tracerProvider: mine.provider, meterProvider: false });
    instrumentation.setTracerProvider(global.provider);
    instrumentation.setMeterProvider(meterProvider);
    lend(mine.gpu.createFence()).signal();
    instrumentation.disable();
    expect(await mine.spans()).toHaveLength(1);
    expect(await global.spans()).toHaveLength(0);
    expect(meters).toEqual([]);
  });

  it('counts with the meter provider that it is given', () => {
    const meters: string[] = [];
    const meterProvider: MeterProvider = {
      getMeter(name) {
        meters.push(name);
        return metrics.getMeterProvider().getMeter(name);
      },
    };
    const instrumentation = new FenceInstrumentation();
    instrumentation.setMeterProvider(meterProvider);
    instrumentation.disable();
    expect(meters).toEqual(['@dma-fence/otel']);
  });

  it('takes new options while it runs, and stays off while it is off', async () => {
    await using rig = await Rig.start({ tracing: false });
    const instrumentation = new FenceInstrumentation({ tracerProvider: rig.provider });
    instrumentation.enable();
    instrumentation.setConfig({ tracerProvider: rig.provider, spanName: () => 'job' });
    using pending = rig.gpu.createFence();
    expect(instrumentation.flushPending()).toBe(1);
    instrumentation.disable();
    instrumentation.disable();
    instrumentation.setConfig({});
    expect(instrumentation.flushPending()).toBe(0);
    lend(rig.gpu.createFence()).signal();
    pending.signal();
    expect((await rig.spans()).map(({ name }) => name)).toEqual(['job']);
  });

  it('is on unless enabled is false: an undefined one is as good as left out', () => {
    const instrumentation = new FenceInstrumentation({ enabled: undefined });
    expect(instrumentation.getConfig().enabled).toBe(true);
    instrumentation.disable();
  });

  it('refuses wrong options also while it is off, and goes on with those that it has', async () => {
    const einval = expect.objectContaining({ code: 'EINVAL' }) as Error;
    expect(() => new FenceInstrumentation({ enabled: false, maxLinks: -1 })).toThrow(einval);
    await using rig = await Rig.start({ tracing: false });
    const instrumentation = new FenceInstrumentation({ tracerProvider: rig.provider });
    expect(() => {
      instrumentation.setConfig({ maxLinks: -1 });
    }).toThrow(einval);
    lend(rig.gpu.createFence()).signal();
    for (const odd of [null, 5, {}] as unknown[]) {
      expect(() => {
        instrumentation.setTracerProvider(odd as TracerProvider);
      }).toThrow(einval);
      expect(() => {
        instrumentation.setMeterProvider(odd as MeterProvider);
      }).toThrow(einval);
    }
    lend(rig.gpu.createFence()).signal();
    instrumentation.disable();
    expect(await rig.spans()).toHaveLength(2);
  });
});
