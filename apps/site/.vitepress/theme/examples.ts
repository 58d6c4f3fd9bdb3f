import deadlock from '../../examples/deadlock.ts?raw';
import dropped from '../../examples/dropped.ts?raw';
import firstFence from '../../examples/first-fence.ts?raw';
import firstOfMany from '../../examples/first-of-many.ts?raw';
import order from '../../examples/order.ts?raw';
import readersAndWriters from '../../examples/readers-and-writers.ts?raw';
import virtualClock from '../../examples/virtual-clock.ts?raw';

/** The programs that the playground offers, by what they show. */
export const EXAMPLES: readonly (readonly [title: string, code: string])[] = [
  ['A first fence', firstFence],
  ['Order on a timeline', order],
  ['The first of many', firstOfMany],
  ['Readers and writers of a buffer', readersAndWriters],
  ['Find a deadlock that did not happen', deadlock],
  ['A fence that is dropped', dropped],
  ['A test with a virtual clock', virtualClock],
];
