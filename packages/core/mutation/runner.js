import { BroadcastChannel } from 'node:worker_threads';
import { createVitest } from 'vitest/node';

/*
 * The test runner that Stryker drives. Its own for vitest starts a thread, and evaluates all modules in it, for each mutant: half a
 * second for tests of a few milliseconds. This one starts them once. The thread runs the whole suite, keeps every test, and then
 * serves: it is told a mutant and the tests that reach it, and runs these again with the mutant on (see `serve.test.ts`).
 *
 * What a mutant breaks may outlive it. So a test that fails with a mutant on runs once more without: only if it passes then, or if
 * the mutant was the first of its thread, the verdict counts. Else the thread is made anew, and the mutant tried again.
 */

/** @typedef {{ id: string, name: string, fileName: string, timeSpentMs: number, status: number, failureMessage?: string }} TestResult */
/** @typedef {{ static: Record<string, number>, perTest: Record<string, Record<string, number>> }} Coverage */
/** @typedef {{ ready: { tests: TestResult[], mutantCoverage: Coverage } }} Ready */
/** @typedef {{ killedBy?: string, message?: string, ran: number, hitLimit: boolean, clean: boolean }} Verdict */
/** @typedef {{ activeMutant: { id: string }, testFilter?: string[], hitLimit?: number, mutantActivation: 'static' | 'runtime' }} MutantRun */

class OneThreadRunner {
  /** @type {import('vitest/node').Vitest | undefined} */
  #vitest;
  /** @type {BroadcastChannel | undefined} */
  #channel;
  #fresh = true;
  /** @type {TestResult[]} */
  #tests = [];
  /** How many mutants each test has killed: killers go first. @type {Map<string, number>} */
  #kills = new Map();

  capabilities() {
    return { reloadEnvironment: true };
  }

  init() {
    process.env['NODE_ENV'] = 'test';
    process.env['VITEST'] = '1';
    return Promise.resolve();
  }

  async dryRun() {
    try {
      const { tests, mutantCoverage } = await this.#start();
      this.#tests = tests;
      return { status: 'complete', tests, mutantCoverage };
    } catch (error) {
      return { status: 'error', errorMessage: String(error) };
    }
  }

  /** @param {MutantRun} options */
  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation }) {
    if (mutantActivation === 'static') {
      return {
        status: 'error',
        errorMessage: 'What runs while modules load cannot be turned on later: see ignoreStatic.',
      };
    }
    if (this.#channel === undefined) await this.#start(/^serves$/);
    const tests = this.#order(testFilter ?? this.#tests.map(({ id }) => id));
    const fresh = this.#fresh;
    let verdict = await this.#ask(activeMutant.id, tests, hitLimit);
    if (!verdict.clean && !fresh) {
      await this.#restart();
      verdict = await this.#ask(activeMutant.id, tests, hitLimit);
    }
    this.#fresh = false;
    if (!verdict.clean) await this.#restart();
    if (verdict.hitLimit) return { status: 'timeout', reason: 'It runs far more often than it should.' };
    if (verdict.killedBy === undefined) return { status: 'survived', nrOfTests: verdict.ran };
    // Those that only stop take long to do so.
    if (!verdict.message?.includes('It hangs'))
      this.#kills.set(verdict.killedBy, (this.#kills.get(verdict.killedBy) ?? 0) + 1);
    return {
      status: 'killed',
      killedBy: [verdict.killedBy],
      failureMessage: verdict.message ?? '',
      nrOfTests: verdict.ran,
    };
  }

  async dispose() {
    this.#channel?.postMessage('end');
    this.#channel?.close();
    this.#channel = undefined;
    await this.#vitest?.close();
    this.#vitest = undefined;
  }

  async #restart() {
    await this.dispose();
    await this.#start(/^serves$/);
  }

  /**
   * @param {RegExp} [only] which tests to run at once; all are collected.
   * @returns {Promise<Ready['ready']>}
   */
  async #start(only) {
    const channel = new BroadcastChannel('mutation');
    this.#channel = channel;
    /** @type {Promise<Ready>} */
    const ready = this.#next();
    this.#vitest = await createVitest('test', {
      config: 'vitest.mutation.config.ts',
      watch: false,
      onConsoleLog: () => false,
      ...(only && { testNamePattern: only.source }),
    });
    const over = this.#vitest.start().then(() => {
      throw new Error('The suite ended before it served');
    });
    const { ready: all } = await Promise.race([ready, over]);
    over.catch(() => undefined);
    this.#fresh = true;
    return all;
  }

  /**
   * @param {string} mutant
   * @param {string[]} tests
   * @param {number | undefined} hitLimit
   * @returns {Promise<Verdict>}
   */
  #ask(mutant, tests, hitLimit) {
    /** @type {Promise<Verdict>} */
    const answer = this.#next();
    this.#channel?.postMessage({ mutant, tests, hitLimit });
    return answer;
  }

  /** @returns {Promise<any>} */
  #next() {
    return new Promise((resolve) => {
      if (this.#channel === undefined) return;
      this.#channel.onmessage = ({ data }) => {
        resolve(data);
      };
    });
  }

  /** @param {string[]} tests */
  #order(tests) {
    const time = new Map(this.#tests.map(({ id, timeSpentMs }) => [id, timeSpentMs]));
    const kills = this.#kills;
    return tests.sort(
      (a, b) => (kills.get(b) ?? 0) - (kills.get(a) ?? 0) || (time.get(a) ?? 0) - (time.get(b) ?? 0),
    );
  }
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'one-thread', injectableClass: OneThreadRunner }];
