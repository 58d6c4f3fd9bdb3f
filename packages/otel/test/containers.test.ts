import {
  DmaFenceContext,
  fenceArray,
  fenceChain,
  mergeFences,
  traceDependency,
  type DmaFence,
} from '@dma-fence/core';
import { AlwaysOnSampler, type Sampler } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { lend } from './support/lend.ts';
import { Rig } from './support/rig.ts';

const copy = new DmaFenceContext({ driverName: 'gpu', timelineName: 'copy' });
const shortName = ({ context, seqno }: DmaFence) => `${String(context.id)}:${String(seqno)}`;

describe('an array, a chain, a merge', () => {
  it('has no span of its own; what depends on it is linked to its leaves', async () => {
    await using rig = await Rig.start();
    const [drawn, copied, job] = [
      lend(rig.gpu.createFence()),
      lend(copy.createFence()),
      lend(rig.gpu.createFence()),
    ];
    using merged = mergeFences([drawn, copied]);
    traceDependency(job, merged);
    drawn.signal();
    copied.signal();
    job.signal();
    const spans = await rig.spans();
    expect(spans.map(({ name }) => name)).toEqual(['fence ring0', 'fence copy', 'fence ring0']);
    const [first, second, dependant] = spans;
    // A merge is in the order of its contexts.
    expect(dependant?.links.map(({ spanId }) => spanId)).toEqual([second?.spanId, first?.spanId]);
    expect(dependant?.attributes).toMatchObject({
      'dma_fence.dependency.count': 2,
      'dma_fence.blocked_by': shortName(copied),
    });
  });

  it('that is waited for gives a wait linked to the leaves, as many as maxLinks', async () => {
    await using rig = await Rig.start({ maxLinks: 3 });
    const members = Array.from({ length: 5 }, () => lend(copy.createFence()));
    using array = fenceArray(members);
    const waited = array.wait();
    for (const member of members) member.signal();
    await waited;
    const wait = await rig.span('wait unbound');
    expect(wait.attributes).toMatchObject({
      'dma_fence.driver.name': 'dma_fence_array',
      'dma_fence.dependency.count': 5,
      'dma_fence.wait.outcome': 'signaled',
    });
    const linked = (await rig.spans()).filter(({ name }) => name === 'fence copy').slice(0, 3);
    expect(wait.links.map(({ spanId }) => spanId)).toEqual(linked.map(({ spanId }) => spanId));
  });

  it('has one when asked, with its links from the beginning, where samplers see them', async () => {
    const links: number[] = [];
    const sampler: Sampler = {
      shouldSample(...[, , name, , , given]) {
        if (name === 'fence unbound') links.push(given.length);
        return new AlwaysOnSampler().shouldSample();
      },
      toString: () => 'links',
    };
    await using rig = await Rig.start({ containers: true, sampler });
    const [a, b] = [lend(copy.createFence()), lend(copy.createFence())];
    using array = fenceArray([a, b]);
    using chain = fenceChain(undefined, a, 1);
    using head = fenceChain(chain, b, 2);
    array.enableSignaling();
    head.enableSignaling();
    a.signal();
    b.fail('EIO');
    const spans = (await rig.spans()).filter(({ name }) => name === 'fence unbound');
    expect(links).toEqual([2, 1, 2]);
    // Nobody armed the first link: it is pending.
    expect(spans.map((span) => span.links.length)).toEqual([2, 2]);
    expect(spans.map(({ attributes }) => attributes['dma_fence.dependency.count'])).toEqual([2, 2]);
    expect(spans[0]).toMatchObject({
      status: 2,
      attributes: { 'error.type': 'EIO', 'dma_fence.error.source': shortName(b) },
    });
  });

  it('is only looked at: no exporter is asked on behalf of a trace', async () => {
    await using rig = await Rig.start();
    let asked = 0;
    const lazy = new DmaFenceContext({
      driverName: 'gpu',
      timelineName: 'lazy',
      ops: { isSignaled: () => ++asked > 0 },
    });
    const [old, young, job] = [
      lend(lazy.createFence()),
      lend(lazy.createFence()),
      lend(rig.gpu.createFence()),
    ];
    using chain = fenceChain(undefined, old, 1);
    using head = fenceChain(chain, young, 2);
    const before = asked;
    traceDependency(job, head);
    expect(asked).toBe(before);
    for (const fence of [old, young, job]) fence.signal();
    expect((await rig.span('fence ring0')).attributes['dma_fence.dependencies']).toEqual(
      [young, old].map(shortName),
    );
  });

  it('that goes without a signal, since nobody wanted it, ends its span then', async () => {
    await using rig = await Rig.start({ containers: true });
    using member = copy.createFence();
    fenceArray([member]).put();
    expect(rig.tracing.flushPending()).toBe(1);
    member.signal();
    const span = await rig.span('fence unbound');
    expect(span).toMatchObject({ status: 0, attributes: { 'dma_fence.state': 'released' } });
  });
});
