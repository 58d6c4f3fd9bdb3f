import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { compile } from '../src/compile.ts';
import { run } from '../src/run.ts';
import type { Sample } from '../src/sample.ts';

/** One test a sample: it compiles, runs, and its comments are true. */
export function testSamples(title: string, samples: readonly Sample[]): void {
  const errors = compile(samples);

  describe(title, () => {
    beforeEach(() => {
      // Each sample gets a fresh library. What it prints is its own affair.
      vi.resetModules();
      for (const method of ['error', 'info', 'log', 'table', 'warn'] as const) {
        vi.spyOn(console, method).mockReturnValue();
      }
    });
    afterEach(() => {
      vi.restoreAllMocks();
    });

    test.each(samples.map((sample, index) => ({ name: sample.name, sample, index })))(
      '$name',
      async ({ sample, index }) => {
        expect(errors[index]).toEqual([]);
        if (sample.run) await run(sample);
      },
    );
  });
}
