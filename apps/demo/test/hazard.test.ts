import { DmaFenceContext, type DriverFence } from '@dma-fence/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dependenciesOf, Hazard } from '../src/hazard.ts';
import { FenceCensus } from './support/fence-census.ts';

let census: FenceCensus;
let context: DmaFenceContext;
let mine: DriverFence[];

function fence(): DriverFence {
  const made = context.createFence();
  mine.push(made);
  return made;
}

beforeEach(() => {
  census = new FenceCensus();
  context = new DmaFenceContext({ driverName: 'test', timelineName: 'cpu' });
  mine = [];
});

afterEach(() => {
  for (const made of mine) {
    made.signal();
    made.put();
  }
  expect(census.alive).toEqual([]);
  census[Symbol.dispose]();
});

describe('Hazard', () => {
  it('a reader waits for the last writers', () => {
    using hazard = new Hazard();
    const [first, second, third] = [fence(), fence(), fence()];
    hazard.wrote([first]);
    hazard.wrote([second, third]);
    expect(hazard.writers).toEqual([second, third]);
  });

  it('a writer waits for the last writers and for everybody who has read since', () => {
    using hazard = new Hazard();
    const [writer, one, two] = [fence(), fence(), fence()];
    hazard.wrote([writer]);
    hazard.reads([one]);
    hazard.reads([two]);
    expect(hazard.users).toEqual([writer, one, two]);
  });

  it('a write makes history of what was before', () => {
    using hazard = new Hazard();
    hazard.wrote([fence()]);
    hazard.reads([fence()]);
    const writer = fence();
    hazard.wrote([writer]);
    expect(hazard.users).toEqual([writer]);
  });

  it('forgets readers that are done, but no writer: a failed one must be heard of', () => {
    using hazard = new Hazard();
    const [writer, reader, other] = [fence(), fence(), fence()];
    hazard.wrote([writer]);
    hazard.reads([reader]);
    writer.fail('EIO');
    reader.signal();
    hazard.reads([other]);
    expect(hazard.users).toEqual([writer, other]);
  });

  it('keeps references of its own and gives every one of them back', () => {
    const hazard = new Hazard();
    const [writer, reader] = [fence(), fence()];
    hazard.wrote([writer]);
    hazard.reads([reader]);
    expect([writer.refCount, reader.refCount]).toEqual([2, 2]);
    hazard[Symbol.dispose]();
    hazard[Symbol.dispose]();
    expect([writer.refCount, reader.refCount]).toEqual([1, 1]);
  });
});

describe('dependenciesOf', () => {
  it('errors come with what is read, order with what is overwritten', () => {
    using source = new Hazard();
    using target = new Hazard();
    const [sourceWriter, sourceReader, targetWriter, targetReader] = [fence(), fence(), fence(), fence()];
    source.wrote([sourceWriter]);
    source.reads([sourceReader]);
    target.wrote([targetWriter]);
    target.reads([targetReader]);
    expect(dependenciesOf([source], [target])).toEqual({
      data: [sourceWriter],
      order: [targetWriter, targetReader],
    });
  });

  it('a buffer changed in place counts as both', () => {
    using hazard = new Hazard();
    const writer = fence();
    hazard.wrote([writer]);
    expect(dependenciesOf([hazard], [hazard])).toEqual({ data: [writer], order: [writer] });
  });
});
