import type { DmaFence, FenceError, FenceErrorCode } from '@dma-fence/core';
import { virtualClock, type VirtualClock } from '@dma-fence/core/testing';
import { afterEach, beforeEach } from 'vitest';
import { FenceCluster, memory, type ClusterEngine, type FenceClusterOptions } from '@dma-fence/cluster';
import { faulty, type EngineCall, type EngineFault } from '@dma-fence/cluster/testing';

export const NAMES = { driverName: 'farm', timelineName: 'frames' };

/** The code that a promise rejects with; undefined when it resolves. */
export async function codeOf(promise: Promise<unknown>): Promise<FenceErrorCode | undefined> {
  return promise.then(
    () => undefined,
    (error: unknown) => (error as FenceError).code,
  );
}

/** What became of a fence, without waiting. */
export function outcome(fence: DmaFence): FenceErrorCode | 'signaled' | 'pending' {
  return fence.status === 'failed' ? (fence.error as FenceError).code : fence.status;
}

/** A virtual world: one engine in memory, and processes that reach it, or do not. Nothing sleeps. */
export interface World {
  readonly clock: VirtualClock;
  readonly engine: ClusterEngine;
  /** A process; what goes wrong in its calls is decided by `decide`, while it is not cut off. */
  process(
    options?: FenceClusterOptions,
    decide?: (call: EngineCall) => EngineFault | undefined,
  ): Promise<Process>;
  /** Waits for a promise while time passes. */
  settle<T>(promise: Promise<T>, limitMs?: number): Promise<T>;
}

export interface Process {
  readonly cluster: FenceCluster;
  /** Nothing gets through, in neither direction. */
  readonly cut: () => void;
  readonly heal: () => void;
}

/** Call in a file or `describe`: each test gets its own world. */
export function useWorld(): World {
  let clock: VirtualClock | undefined;
  let engine: ClusterEngine | undefined;
  let processes: Process[] = [];

  beforeEach(() => {
    clock = virtualClock({ globals: true });
    engine = memory();
    processes = [];
  });
  afterEach(async () => {
    for (const { cluster, heal } of processes) {
      heal();
      await settle(cluster[Symbol.asyncDispose](), 60_000);
    }
    clock?.[Symbol.dispose]();
  });

  async function settle<T>(promise: Promise<T>, limitMs = 60_000): Promise<T> {
    const state = { settled: false };
    const done = (): void => {
      state.settled = true;
    };
    promise.then(done, done);
    const time = clock as VirtualClock;
    const end = time.now() + limitMs;
    await time.advance(0);
    while (!state.settled && time.now() < end) await time.advance(50);
    if (!state.settled) throw new Error(`not settled after ${String(limitMs)} ms`);
    return promise;
  }

  return {
    get clock() {
      return clock as VirtualClock;
    },
    get engine() {
      return engine as ClusterEngine;
    },
    settle,
    async process(options = {}, decide) {
      let cutOff = false;
      const end = faulty(engine as ClusterEngine, (call) =>
        cutOff ? (call.method === 'changed' ? 'lost' : 'unreachable') : decide?.(call),
      );
      const cluster = await FenceCluster.connect(end, options);
      const made: Process = {
        cluster,
        cut: () => {
          cutOff = true;
        },
        heal: () => {
          cutOff = false;
        },
      };
      processes.push(made);
      return made;
    },
  };
}
