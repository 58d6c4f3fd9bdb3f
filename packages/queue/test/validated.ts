import { checkFences } from '@dma-fence/core/testing';
import { afterEach, beforeEach } from 'vitest';

// The setup of the project that runs suites with the whole check: a test that leaves a fence pending or held, or a report of the
// validator, fails. Without stacks, as in core's suite.
checkFences({ beforeEach, afterEach }, { stacks: false });
