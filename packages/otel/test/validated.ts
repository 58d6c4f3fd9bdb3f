import { checkFences } from '@dma-fence/core/testing';
import { afterEach, beforeEach } from 'vitest';

// The setup of the project that runs suites with the validator. Tests leave their own fences to the collector, so fences do not count.
checkFences({ beforeEach, afterEach }, { pending: false, leaks: false, stacks: false });
