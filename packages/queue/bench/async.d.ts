declare module 'async' {
  /** The part of async's queue that the bench uses. */
  export function queue<T>(
    worker: (task: T, done: () => void) => void,
    concurrency: number,
  ): { push(task: T): Promise<void>; drain(): Promise<void> };
}
