import { mergeConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { suite } from '../../vitest.shared.ts';

/** Serving comes last. */
class ServeLast extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const last = ({ moduleId }: TestSpecification): number => Number(moduleId.endsWith('serve.test.ts'));
    return Promise.resolve(files.sort((a, b) => last(a) - last(b) || a.moduleId.localeCompare(b.moduleId)));
  }
}

/** The suite for mutation testing: all in one thread, without what takes long. That can only lower the score. */
export default mergeConfig(suite('core'), {
  test: {
    isolate: false,
    pool: 'threads',
    maxWorkers: 1,
    maxConcurrency: 1,
    sequence: { sequencer: ServeLast },
    tagsFilter: ['!long'],
    include: ['test/**/*.test.ts', 'mutation/serve.test.ts'],
    exclude: [
      'test/explorer/**',
      'test/fence/fence.property.test.ts',
      'test/kernel/parity.node.test.ts',
      // Its texts have the stack of whoever runs it.
      'test/lockdep/report.node.test.ts',
      'test/lockdep/programs.node.test.ts',
      'test/shared/{figures,owner,schedules,schedules.property,threads}.node.test.ts',
    ],
    runner: './mutation/collector.ts',
    setupFiles: ['./mutation/thread.ts'],
  },
});
