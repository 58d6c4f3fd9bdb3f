import { DmaFenceContext } from '@dma-fence/core';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { describe, expect, it } from 'vitest';
import { activeContext } from '../src/active-context.ts';
import { lend } from './support/lend.ts';
import { idOf, Rig } from './support/rig.ts';

const KEY = Symbol('test');

describe('the active context', () => {
  it('is the one that the API answers with, whoever manages contexts at the moment', () => {
    const marked = ROOT_CONTEXT.setValue(KEY, 1);
    const both = () => [activeContext().getValue(KEY), activeContext() === context.active()];
    expect(both()).toEqual([undefined, true]);
    expect(context.with(marked, both)).toEqual([1, true]);
    context.disable();
    expect(context.with(marked, both)).toEqual([undefined, true]);
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    expect(context.with(marked, both)).toEqual([1, true]);
    expect(both()).toEqual([undefined, true]);
  });

  it('is the parent of a fence, also of the first one after the manager was replaced', async () => {
    await using rig = await Rig.start();
    context.disable();
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
    const parent = rig.inside('submit', (span) => {
      lend(new DmaFenceContext({ driverName: 'gpu', timelineName: 'moved' }).createFence()).signal();
      return span;
    });
    expect((await rig.span('fence moved')).parentSpanId).toBe(idOf(parent));
  });
});
