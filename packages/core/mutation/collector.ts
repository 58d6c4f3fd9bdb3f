import { TestRunner, type RunnerTask } from 'vitest';
import { idOf, tests } from './kept.js';

function keep(tasks: readonly RunnerTask[]): void {
  for (const task of tasks) {
    if (task.type === 'suite') keep(task.tasks);
    else tests.set(idOf(task), task);
  }
}

/** Runs as ever, and keeps every test, so that it can be run again. */
export default class extends TestRunner {
  onCollected(files: readonly RunnerTask[]): void {
    keep(files);
  }
}
