import { defineConfig, mergeConfig, type ViteUserConfig } from 'vitest/config';
import { suite } from '../../vitest.shared.ts';

/**
 * Suites that run a second time with the check of `/testing` on: a report of the validator, and a fence that is left pending or held,
 * is a failure in a test that plants none. Not among them: what explores schedules, runs other processes or generates programs (a
 * schedule that is cut short leaves its fences as they are), and the suite of `lockReservations`, where the body of one test plays
 * several tasks, which the validator takes for one.
 */
const VALIDATED = [
  'test/container/container.test.ts',
  'test/container/decided-any.test.ts',
  'test/container/fence-array.test.ts',
  'test/container/fence-chain.test.ts',
  'test/container/merge.test.ts',
  'test/container/peek.test.ts',
  'test/container/unwrap.test.ts',
  'test/debug/dump.node.test.ts',
  'test/debug/dump.test.ts',
  'test/debug/track.node.test.ts',
  'test/error.node.test.ts',
  'test/error.test.ts',
  'test/fence/backend.test.ts',
  'test/fence/callback.test.ts',
  'test/fence/cancel.test.ts',
  'test/fence/context.test.ts',
  'test/fence/fence.test.ts',
  'test/fence/nested-signals.test.ts',
  'test/fence/ops.test.ts',
  'test/fence/printing.test.ts',
  'test/fence/stub.test.ts',
  'test/handlers.test.ts',
  'test/kernel/dmabuf-sync-file.test.ts',
  'test/kernel/parity.node.test.ts',
  'test/kernel/st-dma-fence-chain.test.ts',
  'test/kernel/st-dma-fence-unwrap.test.ts',
  'test/kernel/st-dma-fence.test.ts',
  'test/kernel/st-dma-resv.test.ts',
  'test/kernel/sw-sync.test.ts',
  'test/kernel/syncobj-basic.test.ts',
  'test/kernel/syncobj-eventfd.test.ts',
  'test/kernel/syncobj-timeline.test.ts',
  'test/kernel/syncobj-wait.test.ts',
  'test/lockdep/awaiting.node.test.ts',
  'test/lockdep/core-locks.node.test.ts',
  'test/lockdep/holding.node.test.ts',
  'test/lockdep/kinds.node.test.ts',
  'test/lockdep/lockdep.node.test.ts',
  'test/lockdep/mutex.node.test.ts',
  'test/lockdep/paint.node.test.ts',
  'test/lockdep/platform.node.test.ts',
  'test/lockdep/report.node.test.ts',
  'test/lockdep/section.node.test.ts',
  'test/lockdep/wait-sync.node.test.ts',
  'test/reservation/fence-slots.test.ts',
  'test/reservation/reservation.test.ts',
  'test/rfc.test.ts',
  'test/shared/blocking-wait.node.test.ts',
  'test/shared/keep-alive.test.ts',
  'test/shared/may-not-block.test.ts',
  'test/shared/ordinary-fences.test.ts',
  'test/shared/shared-timeline.test.ts',
  'test/shared/waiter.test.ts',
  'test/signalling.test.ts',
  'test/sync-object/sync-object.test.ts',
  'test/testing/fence-check.test.ts',
  'test/testing/fence-factory.test.ts',
  'test/testing/real-time.node.test.ts',
  'test/testing/virtual-clock.test.ts',
  'test/timeline.test.ts',
  'test/tracer/*.test.ts',
  'test/types.test.ts',
  'test/wait/*.test.ts',
];

/** What is published runs without, so that either way of running is tried. */
const onDist = process.env['TEST_DIST'] === '1';

const coverage = {
  provider: 'v8',
  include: ['src/**/*.ts'],
  // Tested by processes that end, which this does not see.
  exclude: ['src/globals.d.ts', 'src/debug/at-exit.ts'],
  reporter: ['text-summary', 'json-summary'],
  thresholds: { lines: 98, branches: 97, functions: 98, statements: 98 },
} as const;

/** One set of settings for every project; what lists files replaces what it has, it is not added. */
function project(name: string, own: { include?: string[]; setupFiles?: string[] } = {}): ViteUserConfig {
  const { test, ...settings } = suite(name);
  const setupFiles = [...[test?.setupFiles ?? []].flat(), ...(own.setupFiles ?? [])];
  return { ...settings, test: { ...test, ...own, setupFiles } };
}

export default defineConfig(
  onDist
    ? mergeConfig(suite('core'), { test: { coverage } })
    : mergeConfig(suite('core'), {
        test: {
          coverage,
          projects: [
            project('core'),
            project('core, validated', { include: VALIDATED, setupFiles: ['./test/validated.ts'] }),
          ],
        },
      }),
);
