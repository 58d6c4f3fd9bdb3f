/**
 * # Jobs that wait for fences and end in one
 *
 * - A job begins when all that it depends on is over and there is room: inside that very `signal()`, no microtask later.
 * - It ends in its `finished` fence, which anything else can depend on. The error of a dependency is handed on, the same object.
 * - Streams (`entity()`) and ordered queues keep their order, also of their fences.
 * - A queue never runs more than its credits allow, also after a timeout.
 * - Every fence of a job that was armed ends.
 *
 * @packageDocumentation
 */
export type { Job, JobDependency, JobOptions, JobPriority, JobResult, JobStatus } from './job.js';
export { JobEntity, type ReservedBuffers } from './job-entity.js';
export { JobQueue, type JobEntityOptions } from './job-queue.js';
export type { JobQueueOptions } from './options.js';
