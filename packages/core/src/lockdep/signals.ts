import { isContainer } from '../container/container.js';
import type { DmaFenceContext } from '../fence/context.js';
import type { Fence } from '../fence/fence.js';
import { taskOf } from './flow.js';
import type { Hold } from './hold.js';
import { failLate } from './reporter.js';
import type { Scene } from './scene.js';

/** So many signals under one hold are looked at when it ends. */
const MANY = 100;

/** Learns what is held where fences are signaled: whoever signals such a fence needs that first. */
export class SignalWatch {
  readonly #scene: Scene;
  /** Under which share of a capacity a fence was signaled. */
  readonly #under = new WeakMap<Fence, Hold>();
  /** The holds under which a fence was waited for. */
  readonly #waitedFor = new WeakMap<Fence, Hold[]>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** Whether a fence was signaled by whoever has that share: it has nothing to wait for then. */
  wasUnder(fence: Fence, hold: Hold): boolean {
    return this.#under.get(fence) === hold;
  }

  /** Fences are waited for under a hold. */
  waited(fences: readonly Fence[], hold: Hold): void {
    if (hold.fence !== undefined) return;
    for (const fence of fences) {
      const holds = this.#waitedFor.get(fence);
      if (holds === undefined) this.#waitedFor.set(fence, [hold]);
      else if (!holds.includes(hold) && holds.length < MANY) holds.push(hold);
    }
  }

  /** A fence was signaled by its producer. */
  signaled(fence: Fence): void {
    // Whoever ends the last member of a container has not been asked for the container.
    if (!this.#scene.holdsAnything || isContainer(fence)) return;
    this.#learn(fence.context, () => fence.name, fence);
  }

  /** A timeline was advanced by its producer. */
  advanced(context: DmaFenceContext, value: number): void {
    const scene = this.#scene;
    const name = (): string =>
      `${context.driverName}:${context.timelineName}:${String(context.id)}:${String(value)}`;
    if (scene.threads.isConcerned(context)) scene.threads.advanced(context, name(), scene.event(failLate));
    if (scene.holdsAnything) this.#learn(context, name, undefined);
  }

  #learn(context: DmaFenceContext, name: () => string, fence: Fence | undefined): void {
    const scene = this.#scene;
    const { order, reporter, capacities } = scene;
    const from = order.fenceNode({ context });
    const held = scene.candidates(scene.flow.current).filter(({ fence: own, capacity, node, outlived }) => {
      if (own !== undefined || outlived.size >= MANY) return false;
      return capacity === undefined ? !order.knows(from, node) : fence !== undefined;
    });
    if (held.length === 0) return;
    // Nothing may be thrown into a signal: whoever waits for it must hear of it.
    const event = scene.event(failLate);
    for (const hold of held) {
      scene.judge(hold, event, (fail) => {
        if (hold.capacity !== undefined) {
          if (fence === undefined) return;
          this.#under.set(fence, hold);
          if (!scene.isYounger(fence, hold)) capacities.signaledUnder(hold, fence, fail);
          return;
        }
        // What is signaled and waited for under one and the same hold holds nobody up.
        hold.outlived.add(() => {
          if (fence !== undefined && this.#waitedFor.get(fence)?.includes(hold) === true) return;
          const edge = {
            from,
            to: hold.node,
            held: name(),
            needed: hold.name,
            heldAt: hold.since,
            neededAt: event.trace,
            task: taskOf(event.from),
            under: 'held' as const,
          };
          reporter.order(order.learn(edge), failLate);
        });
      });
    }
  }
}
