import { BroadcastChannel } from 'node:worker_threads';
import { expect, test, vi, type RunnerTestCase } from 'vitest';
import { getFn, getHooks } from 'vitest/suite';
import { idOf, stryker, tests } from './kept.js';

interface Order {
  mutant: string;
  tests: string[];
  hitLimit?: number;
}

/** The suites of a test, its file first. */
function suitesOf({ suite, file }: RunnerTestCase) {
  const suites = [];
  for (let one = suite; one !== undefined; one = one.suite) suites.unshift(one);
  return [file, ...suites];
}

type Hook = (...args: unknown[]) => unknown;

// Before tests put others in their place.
const { setImmediate, setTimeout } = globalThis;
const now = performance.now.bind(performance);

/** What may still call into this thread: timers and all that is not memory. */
function active(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource !== 'Immediate').length;
}

/** Many mutants leave a promise open for ever: that nothing is left which could settle it is seen long before a timeout. */
async function orHang(body: () => unknown, longestMs: number): Promise<void> {
  const end = now() + longestMs;
  const before = active();
  let over = false;
  const running = Promise.resolve(body()).finally(() => {
    over = true;
  });
  async function hang(): Promise<void> {
    for (let idle = 0; !over && idle < 3 && now() < end; idle = active() > before ? 0 : idle + 1) {
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      // What other threads, and `Atomics.waitAsync`, do is not in the list.
      if (idle > 0) await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (!over) throw new Error('It hangs.');
  }
  await Promise.race([running, hang()]);
}

/** Runs a test again, with its hooks; answers what it failed with. `serving` is the test that is running really. */
async function run(again: RunnerTestCase, serving: RunnerTestCase): Promise<{ error: unknown } | undefined> {
  let failure: { error: unknown } | undefined;
  async function step(code: () => unknown): Promise<void> {
    try {
      await code();
    } catch (error) {
      failure ??= { error };
    }
  }
  const suites = suitesOf(again);
  const cleanups: Hook[] = [];
  await step(async () => {
    for (const suite of suites) {
      for (const hook of getHooks(suite).beforeEach as Hook[]) {
        const cleanup = await hook(again.context, suite);
        if (typeof cleanup === 'function') cleanups.push(cleanup as Hook);
      }
    }
    await orHang(getFn(again), 2000 + 5 * (again.result?.duration ?? 0));
  });
  for (const suite of [...suites].reverse()) {
    for (const hook of getHooks(suite).afterEach as Hook[]) await step(() => hook(again.context, suite));
  }
  for (const cleanup of cleanups.reverse()) await step(cleanup);
  for (const one of [again, serving] as { onFinished?: Hook[] }[]) {
    const finished = (one.onFinished ?? []).splice(0).reverse();
    for (const hook of finished) await step(() => hook(again.context));
  }
  return failure;
}

/** No test comes by one place as often: what does is a loop without an end. */
const MOST_HITS = 300_000;

async function judge({ mutant, tests: ids, hitLimit: most = MOST_HITS }: Order, serving: RunnerTestCase) {
  const hitLimit = Math.min(most, MOST_HITS);
  let ran = 0;
  for (const id of ids) {
    const again = tests.get(id);
    if (again === undefined) continue;
    ran++;
    Object.assign(stryker, { activeMutant: mutant, hitCount: 0, hitLimit });
    const failure = await run(again, serving);
    const overHit = (stryker.hitCount ?? 0) > hitLimit;
    Object.assign(stryker, { activeMutant: undefined, hitCount: undefined, hitLimit: undefined });
    if (failure === undefined && !overHit) continue;
    vi.useRealTimers();
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
    const clean = (await run(again, serving)) === undefined;
    return { killedBy: id, message: String(failure?.error).slice(0, 500), ran, hitLimit: overHit, clean };
  }
  return { ran, hitLimit: false, clean: true };
}

test('serves', { timeout: 0 }, async ({ task: serving }) => {
  tests.delete(idOf(serving));
  stryker.currentTestId = undefined;
  // None have run in a thread that was made anew.
  const ran = [...tests].filter(([, { result }]) => result?.state === 'pass' || result?.state === 'fail');
  const results = ran.map(([id, { file, result }]) => ({
    id,
    name: id.slice(id.indexOf('#') + 1),
    fileName: file.filepath,
    timeSpentMs: result?.duration ?? 0,
    status: result?.state === 'pass' ? 0 : 1,
    failureMessage: result?.errors?.[0]?.message ?? '',
  }));
  const channel = new BroadcastChannel('mutation');
  await new Promise<void>((resolve) => {
    channel.onmessage = ({ data }: { data: Order | 'end' }) => {
      if (data === 'end') {
        channel.close();
        resolve();
      } else {
        void judge(data, serving).then((verdict) => {
          channel.postMessage(verdict);
        });
      }
    };
    channel.postMessage({ ready: { tests: results, mutantCoverage: stryker.mutantCoverage } });
  });
  expect(tests.size).toBeGreaterThan(0);
});
