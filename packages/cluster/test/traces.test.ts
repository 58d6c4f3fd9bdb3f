import { addFenceTracer, type TraceCarrier } from '@dma-fence/core';
import { describe, expect, test } from 'vitest';
import { newRecord, traced } from '../src/record.js';
import { Traces } from '../src/traces.js';
import { NAMES, useWorld } from './support.js';

const world = useWorld();
const bytesOf = (value: number): Uint8Array => new Uint8Array(25).fill(value);

describe('what tracers leave for a value', () => {
  test('travels from the owner to every process, once', async () => {
    const there = await (await world.process()).cluster.timeline(NAMES);
    const owner = await there.own();
    const offered: boolean[] = [];
    const tracer = addFenceTracer({
      init: ({ context, seqno }) => {
        if (context === there.context)
          offered.push((context.carrier as TraceCarrier).offer(seqno, bytesOf(seqno)));
      },
    });
    using fence = there.fenceAt(1);
    tracer[Symbol.dispose]();
    expect(offered).toEqual([true]);
    expect(there.context.carrier?.offer(1, bytesOf(9))).toBe(false);
    await world.clock.advance(10);
    const here = await (await world.process()).cluster.timeline(NAMES);
    expect(here.context.carrier?.read(1)).toEqual(bytesOf(1));
    expect(here.context.carrier?.read(2)).toBeUndefined();
    await owner.advanceTo(1);
    expect(fence.signaled).toBe(true);
    expect(there.context.carrier?.read(1)).toEqual(bytesOf(1));
  });

  test('is taken in the process of the owner only, and only if it is 25 bytes', async () => {
    const there = await (await world.process()).cluster.timeline(NAMES);
    expect(there.context.carrier?.offer(1, bytesOf(1))).toBe(false);
    const owner = await there.own();
    expect(there.context.carrier?.offer(1, new Uint8Array(24))).toBe(false);
    expect(there.context.carrier?.offer(1, bytesOf(1))).toBe(true);
    await owner[Symbol.asyncDispose]();
    expect(there.context.carrier?.offer(2, bytesOf(1))).toBe(false);
  });

  test('is written once, however much of it is too old to be kept', async () => {
    let writes = 0;
    const process = await world.process({}, ({ method }) => {
      if (method === 'compareAndSet') writes++;
      return undefined;
    });
    const there = await process.cluster.timeline(NAMES);
    await there.own();
    for (let value = 100; value < 120; value++) there.context.carrier?.offer(value, bytesOf(value));
    await world.clock.advance(10);
    there.context.carrier?.offer(1, bytesOf(1));
    writes = 0;
    await world.clock.advance(60_000);
    expect(writes).toBeLessThan(3);
    expect(there.context.carrier?.read(119)).toEqual(bytesOf(119));
    expect(there.context.carrier?.read(100)).toBeUndefined();
  });

  test('is nothing where the record holds what no tracer has written', () => {
    const traces = new Traces();
    traces.learn(
      traced(newRecord('i', 4), [
        [1, '!'],
        [2, 'AAAA'],
      ]),
    );
    expect(traces.read(1)).toBeUndefined();
    expect(traces.read(2)).toBeUndefined();
  });
});
