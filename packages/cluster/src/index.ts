/**
 * # One fence, many machines
 *
 * - One record a timeline, changed by compare-and-set only. A watch is a hint, a read is the truth. A lease accuses, only a
 *   compare-and-set convicts.
 * - One result a value, for everybody, for ever. What is unknown fails with `EIO`; it never succeeds.
 * - A lost connection decides no fence: it stays pending, and a wait's `timeoutMs` still ends the wait.
 * - An owner that dies fails what it owes with `ECANCELED`, everywhere. What a stopped owner says later is refused.
 *
 * @packageDocumentation
 */
export { FenceCluster, type FenceClusterOptions } from './cluster.js';
export { ClusterTimeline } from './cluster-timeline.js';
export type { ClusterEngine, EngineLease, EnginePromise, Version, Versioned } from './engine.js';
export { memory } from './memory.js';
export type { TimelineNames } from './names.js';
export type { AdvanceOptions, TimelineOwner } from './owner.js';
