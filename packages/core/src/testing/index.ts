/**
 * # Tests of code that uses fences
 *
 * A virtual clock, so that nothing sleeps; a check after each test for what it leaves behind; fences to hand out.
 *
 * @packageDocumentation
 */
export { checkFences, type FenceCheck, type FenceCheckOptions, type TestHooks } from './fence-check.js';
export { fenceFactory, type FenceFactory } from './fence-factory.js';
export { virtualClock, type VirtualClock, type VirtualClockOptions } from './virtual-clock.js';
