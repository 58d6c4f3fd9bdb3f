import {
  ASYMMETRIC_MATCHERS_OBJECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from '@vitest/expect';
import * as chai from 'chai';

/*
 * Stands in for `vitest` where it does not run: in workers, and in browsers that its providers do not drive. It has what the suite of
 * `@dma-fence/webgpu` uses, and vitest's own `expect`.
 */

/** What became of a test. */
export interface Result {
  name: string;
  state: 'passed' | 'failed' | 'skipped';
  error?: string;
}

type Body = (...args: never[]) => unknown;

interface Registered {
  name: string;
  body: Body;
  skipped: boolean;
}

const registered: Registered[] = [];
const path: string[] = [];
let finishing: (() => unknown)[] = [];

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
const plain = ((value: unknown, message?: string) => chai.expect(value, message)) as typeof chai.expect;
export const expect: typeof chai.expect = Object.assign(
  plain,
  chai.expect,
  (globalThis as Record<symbol, object>)[ASYMMETRIC_MATCHERS_OBJECT],
);
setState(
  {
    assertionCalls: 0,
    isExpectingAssertions: false,
    isExpectingAssertionsError: null,
    expectedAssertionsNumber: null,
  },
  expect as never,
);

export function describe(name: string, body: () => void): void {
  path.push(name);
  body();
  path.pop();
}

function register(name: string, body: Body, skipped: boolean): void {
  registered.push({ name: [...path, name].join(' > '), body, skipped });
}

function registrar(skipped: boolean): ((name: string, body: Body) => void) & {
  each: (rows: readonly unknown[]) => (name: string, body: Body) => void;
} {
  return Object.assign(
    (name: string, body: Body) => {
      register(name, body, skipped);
    },
    {
      each: (rows: readonly unknown[]) => (name: string, body: Body) => {
        for (const row of rows) {
          const args = Array.isArray(row) ? (row as never[]) : [row as never];
          register(`${name}: ${String(args[0])}`, () => body(...args), skipped);
        }
      },
    },
  );
}

export const test = Object.assign(registrar(false), {
  runIf: (condition: boolean) => registrar(!condition),
  skipIf: (condition: boolean) => registrar(condition),
});

export function onTestFinished(hook: () => unknown): void {
  finishing.push(hook);
}

/** Runs what is registered; an error that nobody catches fails the test in which it comes. */
export async function runAll(): Promise<Result[]> {
  const results: Result[] = [];
  const uncaught: unknown[] = [];
  addEventListener('unhandledrejection', (event) => {
    uncaught.push(event.reason);
  });
  addEventListener('error', (event) => {
    uncaught.push(event.error);
  });
  for (const { name, body, skipped } of registered) {
    if (skipped) results.push({ name, state: 'skipped' });
    else results.push(await runOne(name, body, uncaught));
  }
  return results;
}

async function runOne(name: string, body: Body, uncaught: unknown[]): Promise<Result> {
  const errors: unknown[] = [];
  finishing = [];
  try {
    await body();
  } catch (error) {
    errors.push(error);
  }
  for (const hook of finishing.toReversed()) {
    try {
      await hook();
    } catch (error) {
      errors.push(error);
    }
  }
  // An unhandled rejection is told in a task of its own.
  await new Promise((resolve) => setTimeout(resolve, 0));
  errors.push(...uncaught.splice(0));
  if (errors.length === 0) return { name, state: 'passed' };
  const texts = errors.map((error) =>
    error instanceof Error ? `${error.message}\n${String(error.stack)}` : String(error),
  );
  return { name, state: 'failed', error: texts.join('\n') };
}
