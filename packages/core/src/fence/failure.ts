import type { FenceError } from '../error.js';

let failures = 0;

/** Why, when and in which order a fence failed; allocated on failure only. */
export class Failure {
  readonly error: FenceError;
  readonly timestamp: number | undefined;
  /** Rises with every failure of the thread: "the first error" can be told however late somebody asks. */
  readonly order: number;

  constructor(error: FenceError, timestamp: number | undefined, order: number = ++failures) {
    this.error = error;
    this.timestamp = timestamp;
    this.order = order;
  }
}
