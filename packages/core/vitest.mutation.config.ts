import { mergeConfig } from 'vitest/config';
import { suite } from '../../vitest.shared.ts';

/** The suite for mutation testing: without what takes long, which can only lower the score. */
export default mergeConfig(suite('core'), {
  test: {
    isolate: false,
    tagsFilter: ['!long'],
    exclude: [
      'test/explorer/**',
      'test/fence/fence.property.test.ts',
      'test/kernel/parity.node.test.ts',
      // Its texts have the stack of whoever runs it.
      'test/lockdep/report.node.test.ts',
      'test/lockdep/programs.node.test.ts',
      // Ten seconds a mutant; `test/mutation.md` says what they notice of `src/shared`.
      'test/shared/{schedules,schedules.property,threads}.node.test.ts',
    ],
  },
});
