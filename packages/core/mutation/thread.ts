import { afterEach, beforeEach } from 'vitest';
import { idOf, stryker } from './kept.js';

// Tells Stryker's instrumented code which test covers it.
beforeEach(({ task }) => {
  stryker.currentTestId = idOf(task);
});

afterEach(() => {
  stryker.currentTestId = undefined;
});
