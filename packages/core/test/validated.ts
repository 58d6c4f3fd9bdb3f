import { checkFences } from '@dma-fence/core/testing';
import { afterEach, beforeEach } from 'vitest';
import { plantIn } from './support.js';

// The setup of the project that runs suites with the whole check: a test that leaves a fence pending or held, or a report of the
// validator, fails. Without stacks, which say where a fence was created: turn them on to find what a long test has forgotten.
plantIn(checkFences({ beforeEach, afterEach }, { stacks: false }));
