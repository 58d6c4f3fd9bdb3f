import { checkFences } from '@dma-fence/core/testing';
import { afterEach, beforeEach } from 'vitest';

// A test that leaves a fence pending or held, or a report of the validator, fails, and is told where the fence was created.
checkFences({ beforeEach, afterEach });
