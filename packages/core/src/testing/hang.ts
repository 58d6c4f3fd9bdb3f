import { createdAt, pendingMemberOf, waitersOf, waitsForOf, type Census } from '../debug/census.js';
import type { DmaFence } from '../fence/dma-fence.js';
import type { Fence } from '../fence/fence.js';
import { namedWaits, type NamedWait } from '../debug/named.js';
import { addFenceTracer } from '../tracer/tracer.js';

/** What a test that runs out of time tells the reporter stands under this key: in a task of vitest, and at the head of a diagnostic. */
export const HANG = 'dma-fence';

/** So many of what a test waits for are named. */
const SHOWN = 3;

/** Knows what came since a test began: fences, waits, promises with a name. */
export class HangWatch implements Disposable {
  readonly #census: Census;
  /** How many wait for a fence, whenever that was created. */
  readonly #waits = new Map<DmaFence, number>();
  readonly #before: ReadonlySet<NamedWait> = new Set(namedWaits);
  readonly #tracing: Disposable;

  /** @param census knows the fences that the test creates. */
  constructor(census: Census) {
    this.#census = census;
    this.#tracing = addFenceTracer({
      waitStart: (fence) => {
        this.#count(fence, 1);
      },
      waitEnd: (fence) => {
        this.#count(fence, -1);
      },
    });
  }

  #count(fence: DmaFence, change: 1 | -1): void {
    const waits = (this.#waits.get(fence) ?? 0) + change;
    if (waits > 0) this.#waits.set(fence, waits);
    else this.#waits.delete(fence);
  }

  [Symbol.dispose](): void {
    this.#tracing[Symbol.dispose]();
  }

  /** What the test waits for, in one line: a fence that somebody waits for before a promise with a name, before any pending fence. */
  line(): string | undefined {
    const pending = [...this.#census.living].flatMap((entry) => {
      const fence = entry.ref.deref();
      return fence === undefined || fence.signaled ? [] : [{ fence, entry }];
    });
    const own = new Set<DmaFence>(pending.map(({ fence }) => fence));
    const older = [...this.#waits.keys()].filter((fence) => !fence.signaled && !own.has(fence));
    const named = [...namedWaits].filter((wait) => !this.#before.has(wait));
    const awaited = pending.filter(({ fence }) => waitersOf(fence) > 0);
    // A fence behind which others stand is told by what it waits for: so the one to look at is the first without such.
    const heads = awaited.filter(({ fence }) => reasonOf(fence) === '');
    const [head] = heads.length > 0 ? heads : awaited;
    const said = [
      ...(head === undefined ? [] : [told(head.fence, createdAt(head.entry)[0])]),
      ...older.map((fence) => told(fence as Fence, undefined)),
      ...named.map(({ what, created }) => `waits for "${what}"${at(created.lines[0])}`),
    ];
    if (said.length > 0) {
      const more = said.length - SHOWN;
      return [...said.slice(0, SHOWN), ...(more > 0 ? [`and ${String(more)} more`] : [])].join('; ');
    }
    const [first] = pending;
    return first === undefined ? undefined : told(first.fence, createdAt(first.entry)[0]);
  }
}

function told(fence: Fence, place: string | undefined): string {
  const waiters = waitersOf(fence);
  const by = waiters === 0 ? '' : `, and ${String(waiters)} ${waiters === 1 ? 'waits' : 'wait'} for it`;
  return `${fence.name} is pending${reasonOf(fence)}${by}${at(place, ', created')}`;
}

/** What a pending fence itself waits for. */
function reasonOf(fence: Fence): string {
  const member = pendingMemberOf(fence);
  if (member !== undefined) return ` as is its member ${member.name}`;
  const needs = waitsForOf(fence);
  return needs === undefined ? '' : `, needs ${needs}`;
}

function at(place: string | undefined, how = ''): string {
  return place === undefined ? '' : `${how} at ${place}`;
}
