import { FenceError } from '@dma-fence/core';
import { untilDone } from './calls.js';
import type { ClusterTimeline } from './cluster-timeline.js';
import { Owner } from './owner.js';
import { encode, owned, ownerless } from './record.js';

/** Makes this process the owner of a timeline, in one write: with it the last owner, if it died, is convicted. */
export async function claim(timeline: ClusterTimeline): Promise<Owner> {
  const { _home: home, _key: key, _name: name } = timeline;
  const { engine } = home;
  // One owner a process: two calls at once must not both find nobody.
  if (timeline._owner !== undefined || timeline._claiming) {
    throw new FenceError(
      'EBUSY',
      `${name}: own(): this process owns it already; share the owner, or dispose of it first`,
    );
  }
  timeline._claiming = true;
  try {
    const held = await home.ask(`${name}: own()`, () => home.lease());
    const { lease } = held;
    /** The term of our write, while we do not know whether it arrived. */
    let term: number | undefined;
    return await untilDone(`${name}: own()`, home.leaseMs, async () => {
      const { version, record } = await timeline._read();
      timeline._check('own');
      if (record.owner === lease.id && record.term === term)
        return new Owner(timeline, held, { version, record });
      if (record.owner !== undefined && record.owner !== lease.id && (await engine.alive(record.owner))) {
        throw new FenceError('EBUSY', `${name}: own(): another living process owns it`);
      }
      const reserved = record.owner === undefined ? 0 : await engine.add(timeline._counter, 0);
      const free =
        record.owner === undefined ? record : ownerless(record, Math.max(reserved, timeline.value));
      const next = owned(free, lease.id);
      term = next.term;
      const written = await engine.compareAndSet(key, version, encode(next));
      if (written === undefined) return undefined;
      if (record.value < timeline.value) timeline._wentBack(timeline.value, record.value);
      const known = { version: written, record: next };
      timeline._learn(known);
      return new Owner(timeline, held, known);
    });
  } finally {
    timeline._claiming = false;
  }
}
