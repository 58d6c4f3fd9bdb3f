/**
 * # A reporter that names what a test hangs on
 *
 * "Test timed out in 5000ms" does not say what the test waits for. This reporter adds one line for each such test: the fence or
 * the named promise it waits for, and where that was created. The tests must use `checkFences`.
 *
 * With vitest, beside the reporter that you use:
 *
 * ```ts check
 * import { defineConfig } from 'vitest/config';
 *
 * export default defineConfig({
 *   test: { reporters: ['default', '@dma-fence/core/testing/reporter'] },
 * });
 * ```
 *
 * With `node:test`:
 *
 * ```sh
 * node --test --test-reporter=spec --test-reporter-destination=stdout \
 *   --test-reporter=@dma-fence/core/testing/reporter --test-reporter-destination=stderr
 * ```
 *
 * @packageDocumentation
 */

import { HANG } from './hang.js';
import { platform } from '../platform.js';

const MARK = `${HANG}: `;

/** What vitest tells of a test. */
interface VitestCase {
  readonly fullName: string;
  meta(): object;
}

/** What vitest tells of a file. */
interface VitestModule {
  readonly children: { allTests(state: 'failed'): Iterable<VitestCase> };
}

/** What `node:test` tells. */
interface NodeEvent {
  readonly type: string;
  readonly data: { readonly name?: string; readonly message?: string; readonly file?: string };
}

/**
 * Prints a line for each test that timed out: what it waits for. A reporter for vitest 3 and newer, and for `node:test`.
 *
 * @example What vitest does with it
 * ```ts
 * import Reporter, { type HangReporter } from '@dma-fence/core/testing/reporter';
 *
 * const reporter: HangReporter = new Reporter();
 * reporter.onTestRunEnd([]);
 * ```
 */
export interface HangReporter {
  /** Called by vitest at the end, with its test modules. */
  onTestRunEnd(modules: readonly object[]): void;
}

/** A stream, which `node:test` wants, from events to text. */
class Reporter extends TransformStream<NodeEvent, string> implements HangReporter {
  constructor() {
    // A diagnostic comes behind the test that it is about.
    let last = '';
    super({
      transform({ type, data }, controller) {
        const { name = '', message = '' } = data;
        if (type === 'test:fail' || type === 'test:pass') last = name;
        for (const line of message.split('\n')) {
          if (!line.startsWith(MARK)) continue;
          const hang = line.slice(MARK.length);
          if (type === 'test:diagnostic') controller.enqueue(`"${last}" hangs: ${hang}\n`);
          // From a process that ends, and can no longer report: it says by itself which test hangs.
          if (type === 'test:stderr') controller.enqueue(`${hang}\n`);
        }
      },
    });
  }

  onTestRunEnd(modules: readonly object[]): void {
    for (const { children } of modules as readonly VitestModule[]) {
      // One that passed when it was tried again hangs no more, but has its meta still.
      for (const one of children.allTests('failed')) {
        const line = (one.meta() as Record<string, unknown>)[HANG];
        if (typeof line === 'string') platform.warn(`"${one.fullName}" hangs: ${line}`);
      }
    }
  }
}

/**
 * The class of the reporter. Pass the name of this entry point to a runner, and the runner creates an object of the class.
 *
 * @example Beside reporters of your own
 * ```ts
 * import reporter from '@dma-fence/core/testing/reporter';
 *
 * const reporters = ['default', new reporter()];
 * ```
 */
const reporter: new () => HangReporter = Reporter;
export default reporter;
