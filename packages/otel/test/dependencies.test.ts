import { traceDependency } from '@dma-fence/core';
import { describe, expect, it } from 'vitest';
import { lend } from './support/lend.ts';
import { Rig } from './support/rig.ts';

describe('a dependency', () => {
  it('is a link, a name and a count; the last one to signal is what blocked', async () => {
    await using rig = await Rig.start();
    const [first, second, job] = [
      lend(rig.gpu.createFence()),
      lend(rig.gpu.createFence()),
      lend(rig.gpu.createFence()),
    ];
    traceDependency(job, first);
    traceDependency(job, second);
    second.signal();
    first.signal();
    job.signal();
    const spans = await rig.spans();
    const byId = (seqno: string) => spans.find(({ attributes }) => attributes['dma_fence.seqno'] === seqno);
    const id = String(rig.gpu.id);
    expect(byId('3')?.links.map(({ spanId }) => spanId)).toEqual([byId('1')?.spanId, byId('2')?.spanId]);
    expect(byId('3')?.attributes).toMatchObject({
      'dma_fence.dependency.count': 2,
      'dma_fence.dependencies': [`${id}:1`, `${id}:2`],
      'dma_fence.blocked_by': `${id}:1`,
    });
    expect(byId('1')?.attributes).not.toHaveProperty('dma_fence.dependency.count');
  });

  it('beyond maxLinks is counted only; who blocked is then not claimed', async () => {
    await using rig = await Rig.start({ maxLinks: 2 });
    const inputs = Array.from({ length: 200 }, () => lend(rig.gpu.createFence()));
    using job = rig.gpu.createFence();
    for (const input of inputs) traceDependency(job, input);
    for (const input of inputs) input.signal();
    job.signal();
    const span = (await rig.spans()).at(-1);
    expect(span?.links).toHaveLength(2);
    expect(span?.attributes).toMatchObject({ 'dma_fence.dependency.count': 200 });
    expect(span?.attributes['dma_fence.dependencies']).toHaveLength(2);
    expect(span?.attributes).not.toHaveProperty('dma_fence.blocked_by');
  });

  it('that is pending when the job ends is what blocks', async () => {
    await using rig = await Rig.start();
    const [done, stuck, job] = [
      lend(rig.gpu.createFence()),
      lend(rig.gpu.createFence()),
      lend(rig.gpu.createFence()),
    ];
    for (const input of [done, stuck]) traceDependency(job, input);
    done.signal();
    job.fail('ETIME');
    stuck.signal();
    const span = (await rig.spans()).find(({ status }) => status === 2);
    expect(span?.attributes['dma_fence.blocked_by']).toBe(`${String(rig.gpu.id)}:2`);
  });

  it('that is not recorded is named, not linked; alone it is what blocked, among others nobody can tell', async () => {
    await using rig = await Rig.start({ include: ({ seqno }) => seqno > 2 });
    const [unseen, other, seen, alone, among] = Array.from({ length: 5 }, () => lend(rig.gpu.createFence()));
    if (!unseen || !other || !seen || !alone || !among) throw new Error('five fences');
    traceDependency(alone, unseen);
    traceDependency(among, unseen);
    traceDependency(among, seen);
    traceDependency(other, seen); // not recorded itself
    for (const fence of [unseen, other, seen, alone, among]) fence.signal();
    const [, aloneSpan, amongSpan] = await rig.spans();
    const id = String(rig.gpu.id);
    expect(aloneSpan?.links).toEqual([]);
    expect(aloneSpan?.attributes['dma_fence.blocked_by']).toBe(`${id}:1`);
    expect(amongSpan?.links).toHaveLength(1);
    expect(amongSpan?.attributes).not.toHaveProperty('dma_fence.blocked_by');
  });

  it('leaves no chain behind: a finished fence forgets what it waited for', async () => {
    await using rig = await Rig.start();
    const [input, job] = [lend(rig.gpu.createFence()), lend(rig.gpu.createFence())];
    traceDependency(job, input);
    input.signal();
    job.signal();
    expect(job.traceState).toMatchObject({ ended: true, dependencies: undefined });
  });
});
