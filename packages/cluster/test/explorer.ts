import type { DmaFence, FenceError, FenceErrorCode } from '@dma-fence/core';
import { virtualClock, type VirtualClock } from '@dma-fence/core/testing';
import type * as Cluster from '@dma-fence/cluster';
import type * as Testing from '@dma-fence/cluster/testing';
import type { EngineCall, EngineFault } from '@dma-fence/cluster/testing';

/** The package, or a copy of it with a bug. */
export interface Build {
  FenceCluster: typeof Cluster.FenceCluster;
  memory: typeof Cluster.memory;
  faulty: typeof Testing.faulty;
}

/** The call at which something goes wrong, and what. */
export type Plan = readonly { readonly at: number; readonly fault: EngineFault }[];

/** What can go wrong with each kind of call. */
const FAULTS: Record<EngineCall['method'], readonly EngineFault[]> = {
  read: ['unreachable', 'old'],
  compareAndSet: ['unreachable', 'unanswered', 'refused', 'unsure'],
  add: ['unreachable', 'unanswered'],
  watch: ['lost'],
  changed: ['lost'],
  lease: ['unreachable'],
  beat: ['unreachable'],
  alive: ['unreachable', 'accused'],
};

type Result = FenceErrorCode | 'signaled' | 'pending';

/** One run: the calls that were made, in order, and what is wrong with its history. */
export interface Run {
  readonly calls: readonly EngineCall['method'][];
  readonly faults: readonly string[];
}

const NAMES = { driverName: 'farm', timelineName: 'frames' };
/** What the owner says, in order; 5 is reserved and never said. */
const SAID: readonly (FenceErrorCode | undefined)[] = [undefined, 'ENODATA', undefined, undefined];
const RESERVED = 5;

function resultOf(fence: DmaFence): Result {
  return fence.status === 'failed' ? (fence.error as FenceError).code : fence.status;
}

function results(timeline: Cluster.ClusterTimeline): Result[] {
  return Array.from({ length: RESERVED }, (_, i) => {
    using fence = timeline.fenceAt(i + 1);
    return resultOf(fence);
  });
}

/** How the owner ends: it gives up, or dies while its last write is under way. */
export type Ending = 'leaves' | 'dies';

/**
 * One owner, one waiter, and somebody who comes later and has no faults. The owner says four values, one of which fails, merges two
 * of them, and ends owing a fifth. Calls of owner and waiter are counted together, in the order in which they are made.
 */
export async function explore(
  { FenceCluster, memory, faulty }: Build,
  plan: Plan,
  ending: Ending = 'leaves',
): Promise<Run> {
  using clock = virtualClock({ globals: true });
  const calls: EngineCall['method'][] = [];
  const faults: string[] = [];
  const decide = ({ method }: EngineCall): EngineFault | undefined => {
    if (over) return undefined;
    calls.push(method);
    return plan.find(({ at }) => at === calls.length)?.fault;
  };
  let dead = false;
  /** From here on we only look at what there is. */
  let over = false;
  const engine = memory();
  const a = await FenceCluster.connect(
    faulty(engine, (call) => (!dead ? decide(call) : call.method === 'changed' ? 'lost' : 'unreachable')),
  );
  const b = await FenceCluster.connect(faulty(engine, decide));
  const there = await persist(clock, () => a.timeline(NAMES));
  const here = await persist(clock, () => b.timeline(NAMES));
  const owner = await persist(clock, () => there.own());
  // A lost answer leaves a hole: then what is owed lies higher.
  let reserved = 0;
  while (reserved < RESERVED) reserved = await persist(clock, () => here.reserve());

  const fences = Array.from({ length: RESERVED }, (_, i) => here.fenceAt(i + 1));
  const told: Result[] = fences.map(() => 'pending');
  fences.forEach((fence, i) => {
    fence.addCallback((done) => {
      told[i] = resultOf(done);
    });
  });
  const waited = Promise.allSettled(fences.map((fence) => fence.wait()));

  const acks = SAID.map((): Result => 'pending');
  const say = async (value: number): Promise<void> => {
    try {
      await owner.advanceTo(value, SAID[value - 1]);
      acks[value - 1] = 'signaled';
    } catch (error) {
      acks[value - 1] = (error as FenceError).code;
    }
  };
  await settle(clock, say(1));
  // Said while a write is under way, so that the failure is merged with what follows.
  const last = Promise.all([say(2), say(3), say(4)]);
  if (ending === 'dies') dead = true;
  else await settle(clock, last);
  if (ending === 'leaves') await settle(clock, owner[Symbol.asyncDispose]());
  await settle(clock, waited);
  // For the end of this run alone: what it would say now does not count.
  dead = false;
  over = true;

  const c = await FenceCluster.connect(engine);
  const later = results(await c.timeline(NAMES));
  // Whoever has not waited learns by asking.
  await persist(clock, () => there.refresh());
  const atOwner = results(there);

  for (let i = 0; i < RESERVED; i++) {
    const value = `value ${String(i + 1)}`;
    const said = SAID[i];
    const [inWaiter, inOwner, inLater, ack] = [told[i], atOwner[i], later[i], acks[i]];
    if (inWaiter === 'pending' || (ack === 'pending' && ending === 'leaves')) faults.push(`${value} hangs`);
    for (const [who, result] of Object.entries({ inOwner, inLater })) {
      if (result !== inWaiter && result !== 'EIO') {
        faults.push(`${value}: ${String(inWaiter)} in the waiter, ${String(result)} ${who}`);
      }
    }
    if (inWaiter === 'signaled' && (i >= SAID.length || said !== undefined))
      faults.push(`${value} is a false success`);
    if (ack === 'signaled' && inWaiter !== (said ?? 'signaled'))
      faults.push(`${value} was acknowledged and is lost`);
    if (ack === 'ECANCELED' && inWaiter !== 'ECANCELED') faults.push(`${value} was refused and counts`);
  }
  for (const fence of fences) fence.put();
  for (const cluster of [a, b, c]) await settle(clock, cluster[Symbol.asyncDispose]());
  return { calls, faults };
}

/** All single faults of a run's calls behind a plan: the next plans to explore. */
export function furtherPlans(plan: Plan, { calls }: Run, within = Infinity): Plan[] {
  const from = plan.at(-1)?.at ?? 0;
  return calls
    .slice(0, from + within)
    .flatMap((method, i) =>
      i + 1 > from ? FAULTS[method].map((fault) => [...plan, { at: i + 1, fault }]) : [],
    );
}

async function settle<T>(clock: VirtualClock, promise: PromiseLike<T>): Promise<T | undefined> {
  const state = { settled: false };
  const done = (): void => {
    state.settled = true;
  };
  promise.then(done, done);
  // Longer than a lease, and what follows it.
  for (let steps = 0; !state.settled && steps < 150; steps++) await clock.advance(steps === 0 ? 0 : 100);
  return state.settled ? promise : undefined;
}

/** What a user does when a call fails: tries again. */
async function persist<T>(clock: VirtualClock, call: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return (await settle(clock, call())) as T;
    } catch (error) {
      if (tries === 3) throw error;
    }
  }
}
