import { Census } from '../debug/census.js';
import { checkOptions, describe, invalid } from '../error.js';
import type { DmaFence } from '../fence/dma-fence.js';
import { lockdep, type LockdepOptions, type LockdepSession } from '../lockdep/lockdep.js';
import type { LockdepKind } from '../lockdep/report.js';
import { HANG, HangWatch } from './hang.js';
import { fencesLeft, messageOf, reportLeft, type Leftover } from './leftover.js';
import { nextTurn } from './real-time.js';
import { platform } from '../platform.js';

/**
 * The hooks of a test runner. vitest, `node:test`, jest, mocha and `bun:test` all have them.
 *
 * @example With vitest
 * ```ts check
 * import type { TestHooks } from '@dma-fence/core/testing';
 * import { afterEach, beforeEach } from 'vitest';
 *
 * const hooks: TestHooks = { beforeEach, afterEach };
 * ```
 */
export interface TestHooks {
  /** Calls `hook` before every test. */
  beforeEach(hook: () => void): unknown;
  /** Calls `hook` after every test. The test fails if `hook` rejects. */
  afterEach(hook: () => Promise<void>): unknown;
}

/**
 * Options of `checkFences`: the things that a test must not leave behind.
 *
 * @example Producers that wait for each other, too
 * ```ts
 * import type { FenceCheckOptions } from '@dma-fence/core/testing';
 *
 * const options: FenceCheckOptions = { validator: { fenceClasses: 'context' } };
 * ```
 */
export interface FenceCheckOptions {
  /** Whether a pending fence is a failure. On by default. */
  pending?: boolean | undefined;
  /** Whether a signaled fence with a remaining reference is a failure. On by default. */
  leaks?: boolean | undefined;
  /** Whether the message says where each fence was created. On by default. */
  stacks?: boolean | undefined;
  /** Options of the validator of `/lockdep` in each test. `false` turns it off. */
  validator?: LockdepOptions | false | undefined;
}

/**
 * The check that runs after each test.
 *
 * @example A test that is about a leak
 * ```ts check
 * import { type FenceCheck, checkFences } from '@dma-fence/core/testing';
 * import { afterEach, beforeEach } from 'vitest';
 *
 * const check: FenceCheck = checkFences({ beforeEach, afterEach });
 * const leakOnPurpose = (): void => check.expect('leaked', 'gpu:ring0');
 * ```
 */
export interface FenceCheck {
  /**
   * Says that the running test leaves something behind on purpose. If it does not, the test fails.
   *
   * @param kind `pending`, `leaked`, or the kind of a report.
   * @param of the fence, or a part of its name or of the title of the report. Without it, all of that kind.
   * @throws FenceError `EINVAL` outside of a test.
   */
  expect(kind: 'pending' | 'leaked' | LockdepKind, of?: string | RegExp | DmaFence): void;
}

/** What a test said that it leaves behind. */
interface Expected {
  readonly kind: Leftover['kind'];
  readonly of: string | RegExp | undefined;
  met: boolean;
}

/** What runners hand to their hooks, as far as it is of use here. */
interface TestContext {
  /** vitest. */
  onTestFinished?(hook: () => Promise<void>): void;
  readonly task?: {
    readonly concurrent?: boolean;
    readonly meta?: Record<string, unknown>;
    readonly result?: { readonly state?: string; readonly errors?: readonly { readonly message?: string }[] };
  };
  /** `node:test`. */
  readonly name?: string;
  /** `node:test`, from 21 on. */
  readonly passed?: boolean;
  /** `node:test`: aborted when the time of a test is over, or when nothing is left that could end it. */
  readonly signal?: { readonly aborted: boolean };
  readonly error?: { readonly failureType?: string } | null;
  diagnostic?(message: string): void;
}

/**
 * Fails every test that ends with a pending fence, a leaked fence, or a report of the validator. The message names them.
 *
 * Call it once per file, or in a setup file. All fences count that were created during the test. A test that failed for another
 * reason is not checked. Tests that run at the same time (`test.concurrent`) cannot be told apart. With vitest, the check runs
 * last, after `afterEach` and `onTestFinished`. With other runners, it runs after the test and before its `t.after` hooks.
 *
 * @param hooks `beforeEach` and `afterEach` of the runner.
 * @param options the things to check.
 * @returns an object for tests that leave something behind on purpose.
 * @throws FenceError `EINVAL` for missing hooks or bad options. Kernel: `CONFIG_PROVE_LOCKING` and kmemleak, after every selftest.
 *
 * @example In a setup file of vitest
 * ```ts check
 * import { checkFences } from '@dma-fence/core/testing';
 * import { afterEach, beforeEach } from 'vitest';
 *
 * export const check = checkFences({ beforeEach, afterEach });
 * ```
 *
 * @example With node:test
 * ```ts check
 * import { checkFences, fenceFactory } from '@dma-fence/core/testing';
 * import { afterEach, beforeEach, test } from 'node:test';
 *
 * checkFences({ beforeEach, afterEach });
 *
 * test('a consumer puts what it got', () => {
 *   using fences = fenceFactory();
 *   const kept = fences.create().get();
 *   kept.put(); // without it: "test:fences:1:1 is over, and 1 reference is held"
 * });
 * ```
 */
export function checkFences(hooks: TestHooks, options: FenceCheckOptions = {}): FenceCheck {
  const given = hooks as Partial<TestHooks> | null | undefined;
  if (typeof given?.beforeEach !== 'function' || typeof given.afterEach !== 'function') {
    throw invalid(`checkFences() takes { beforeEach, afterEach } of a test runner, not ${describe(hooks)}`);
  }
  const settings = checked(options);
  let running: TestWatch | undefined;

  async function end(context: TestContext | undefined): Promise<void> {
    const watch = running;
    if (watch === undefined) return;
    // At once: a process of `node:test` that has nothing left to do ends before the next turn.
    if (context !== undefined && ranOut(context)) tellHang(context, watch.hang.line());
    // What the test has decided may still release something, or be reported.
    await nextTurn();
    running = undefined;
    const failed = context?.task?.result?.state === 'fail' || context?.passed === false;
    const message = watch.end();
    if (message !== undefined && !failed) throw new FencesLeftError(message);
  }

  hooks.beforeEach(
    hook((context) => {
      if (running !== undefined) {
        running.end();
        running = undefined;
        throw invalid(
          'checkFences(): tests that run at the same time cannot be told apart; run them in sequence',
        );
      }
      running = new TestWatch(settings);
      context?.onTestFinished?.(() => end(context));
    }),
  );
  hooks.afterEach(
    hook(async (context) => {
      if (context?.onTestFinished === undefined) await end(context);
    }),
  );
  return {
    expect(kind, of) {
      if (running === undefined)
        throw invalid(`check.expect(${describe(kind)}) was called outside of a test`);
      const name = typeof of === 'object' && 'name' in of ? of.name : of;
      running.expected.push({ kind, of: name, met: false });
    },
  };
}

/**
 * A hook that takes what the runner hands over, and declares no parameter: runners look at those. jest and mocha would wait for
 * a callback, vitest would look for fixtures.
 */
function hook<R>(run: (context: TestContext | undefined) => R): () => R {
  return function () {
    // eslint-disable-next-line prefer-rest-params -- a rest parameter is one that vitest refuses
    return run(arguments[0] as TestContext | undefined);
  };
}

/** Whether a test was ended because it took too long, or because nothing was left that could have ended it. */
function ranOut({ task, signal }: TestContext): boolean {
  return (
    signal?.aborted === true ||
    task?.result?.errors?.some(({ message }) => message?.startsWith('Test timed out') === true) === true
  );
}

/** Tells the reporter of a runner what a test waits for. */
function tellHang(context: TestContext, line: string | undefined): void {
  if (line === undefined) return;
  if (context.task?.meta !== undefined) context.task.meta[HANG] = line;
  // Such a test has been reported already: its process ends.
  else if (context.error?.failureType === 'cancelledByParent')
    platform.warn(`${HANG}: "${context.name ?? ''}" hangs: ${line}`);
  else context.diagnostic?.(`${HANG}: ${line}`);
}

/** A test left something behind: the message says what. */
class FencesLeftError extends Error {
  override readonly name = 'FencesLeftError';
}

/** Options after the check. */
type Checks = { readonly [K in keyof FenceCheckOptions]-?: Exclude<FenceCheckOptions[K], undefined> };

/** What happens during one test. */
class TestWatch {
  readonly expected: Expected[] = [];
  readonly hang: HangWatch;
  readonly #census: Census;
  readonly #validator: LockdepSession | undefined;
  /** What is no failure. */
  readonly #ignored: readonly Leftover['kind'][];

  constructor({ pending, leaks, stacks, validator }: Checks) {
    this.#ignored = [...(pending ? [] : ['pending' as const]), ...(leaks ? [] : ['leaked' as const])];
    this.#census = new Census(stacks && 'raw');
    this.hang = new HangWatch(this.#census);
    this.#validator =
      validator === false
        ? undefined
        : lockdep.enable({ ...validator, onReport: validator.onReport ?? ((): void => undefined) });
  }

  /** Ends it; answers what is wrong with what is left. */
  end(): string | undefined {
    const left = [...fencesLeft(this.#census), ...(this.#validator?.reports ?? []).map(reportLeft)];
    this.#validator?.[Symbol.dispose]();
    this.hang[Symbol.dispose]();
    this.#census[Symbol.dispose]();
    const wrong = left.filter((one) => !this.#isExpected(one) && !this.#ignored.includes(one.kind));
    const missing = this.expected.filter(({ met }) => !met);
    const messages = missing.map(
      ({ kind, of }) =>
        `A test expects to leave behind: ${kind}${of === undefined ? '' : ` ${String(of)}`}, and it does not.`,
    );
    if (wrong.length > 0) messages.push(messageOf(wrong));
    return messages.length === 0 ? undefined : messages.join('\n\n');
  }

  #isExpected({ kind, names }: Leftover): boolean {
    const meets = ({ kind: expected, of }: Expected): boolean =>
      expected === kind &&
      (of === undefined ||
        names.some((name) => (typeof of === 'string' ? name.includes(of) : of.test(name))));
    const found = this.expected.filter(meets);
    for (const one of found) one.met = true;
    return found.length > 0;
  }
}

function checked(options: FenceCheckOptions): Checks {
  checkOptions('checkFences()', options, ['pending', 'leaks', 'stacks', 'validator']);
  const { pending = true, leaks = true, stacks = true, validator = {} } = options;
  if (typeof pending !== 'boolean') {
    throw invalid(`checkFences(): pending must be true or false, not ${describe(pending)}`);
  }
  if (typeof leaks !== 'boolean')
    throw invalid(`checkFences(): leaks must be true or false, not ${describe(leaks)}`);
  if (typeof stacks !== 'boolean') {
    throw invalid(`checkFences(): stacks must be true or false, not ${describe(stacks)}`);
  }
  if (validator !== false && (typeof validator !== 'object' || (validator as unknown) === null)) {
    throw invalid(
      `checkFences(): validator must be options of the validator or false, not ${describe(validator)}`,
    );
  }
  return { pending, leaks, stacks, validator };
}
