/** The types of `@dma-fence/core` that the rules know, by the name they are exported under. */
export type Entity =
  | 'DmaFence'
  | 'DriverFence'
  | 'DmaFenceContext'
  | 'FenceTimeline'
  | 'SharedTimeline'
  | 'DmaReservation'
  | 'ReservationLock'
  | 'ReservationLocks'
  | 'AcquireContext'
  | 'SyncObject'
  | 'SignallingSection'
  | 'FenceCallback'
  | 'FenceOps';

const entities: ReadonlySet<string> = new Set<Entity>([
  'DmaFence',
  'DriverFence',
  'DmaFenceContext',
  'FenceTimeline',
  'SharedTimeline',
  'DmaReservation',
  'ReservationLock',
  'ReservationLocks',
  'AcquireContext',
  'SyncObject',
  'SignallingSection',
  'FenceCallback',
  'FenceOps',
]);

/** Whether a name is one of the types the rules know. */
export function isEntity(name: string): name is Entity {
  return entities.has(name);
}

/** Whether a type is a fence, from either side. */
export function isFenceEntity(entity: Entity | undefined): entity is 'DmaFence' | 'DriverFence' {
  return entity === 'DmaFence' || entity === 'DriverFence';
}

/** The package whose declarations count, unless settings name more. */
export const packageName = '@dma-fence/core';

/**
 * A word that only a file concerned with fences contains. Files without one are left after this single test
 * of their text; `.put()` and `.get()` are the short forms that a file can use on fences it got from elsewhere.
 */
const relevantText =
  /dma-fence|Fence|\.(?:put|get)\(\)|beginSignalling|signalAfter|@(?:consumes|borrows|acquires|borrowed|blocks|allocates|signallingPath)\b/;

/** Whether a file's text may be concerned with fences at all. */
export function isRelevant(text: string): boolean {
  return relevantText.test(text);
}

/** What a function exported by core gives back, where its type does not say it. */
export const functionResults: Readonly<Record<string, { entity: Entity; many?: true; promise?: true }>> = {
  fenceArray: { entity: 'DmaFence' },
  fenceChain: { entity: 'DmaFence' },
  findChainSeqno: { entity: 'DmaFence' },
  mergeFences: { entity: 'DmaFence' },
  signaledFence: { entity: 'DmaFence' },
  peekFences: { entity: 'DmaFence', many: true },
  unwrapFences: { entity: 'DmaFence', many: true },
  beginSignalling: { entity: 'SignallingSection' },
  lockReservations: { entity: 'ReservationLocks', promise: true },
};

interface MethodResult {
  readonly entity: Entity;
  readonly many?: true;
  readonly promise?: true;
  readonly nullable?: true;
}

/** What a method gives back, read where there are no types. */
export const methodResults: Readonly<Partial<Record<Entity, Readonly<Record<string, MethodResult>>>>> = {
  DmaFence: { get: { entity: 'DmaFence' } },
  DriverFence: { get: { entity: 'DriverFence' }, beginSignalling: { entity: 'SignallingSection' } },
  DmaFenceContext: { createFence: { entity: 'DriverFence' }, createFenceWith: { entity: 'DriverFence' } },
  FenceTimeline: { createFence: { entity: 'DmaFence' }, fenceAt: { entity: 'DmaFence' } },
  SharedTimeline: { fenceAt: { entity: 'DmaFence' } },
  DmaReservation: {
    lock: { entity: 'ReservationLock', promise: true },
    tryLock: { entity: 'ReservationLock', nullable: true },
    fences: { entity: 'DmaFence', many: true },
    singleton: { entity: 'DmaFence', nullable: true },
  },
  ReservationLocks: { of: { entity: 'ReservationLock' } },
  SyncObject: { fence: { entity: 'DmaFence', nullable: true } },
};

/** Functions of core whose promise has to be waited for. */
export const waitFunctions: ReadonlySet<string> = new Set(['waitAll', 'waitAny', 'waitSyncObjects']);

/** Whether a method of core gives a promise that has to be waited for. */
export function isWaitMethod(entity: Entity, method: string): boolean {
  switch (entity) {
    case 'DmaFence':
      return method === 'wait';
    case 'DriverFence':
      return method === 'wait' || method === 'signalAfter';
    case 'DmaReservation':
    case 'SyncObject':
      return method === 'wait';
    default:
      return false;
  }
}

/** Methods of built-in objects that neither throw in ordinary use nor keep what they are given. */
export const quietMethods: ReadonlySet<string> = new Set([
  'push',
  'unshift',
  'set',
  'add',
  'has',
  'delete',
  'clear',
  'indexOf',
  'includes',
  'shift',
  'pop',
  'splice',
  'at',
  'slice',
  'concat',
  'keys',
  'values',
  'entries',
  'join',
  'toString',
  'now',
]);
