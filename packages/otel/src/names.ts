/** What the package calls itself as an instrumentation scope. */
export const SCOPE_NAME = '@dma-fence/otel';
/** Moves with `package.json`; a test compares. */
export const SCOPE_VERSION = '0.1.0';
/** The semantic conventions that `error.type` and the units follow. */
export const SCHEMA_URL = 'https://opentelemetry.io/schemas/1.37.0';

// Attributes; what every span carries is in `Lane.attributes`.
/** Names a shared timeline in all threads. */
export const TIMELINE_UID = 'dma_fence.timeline.uid';
export const DRIVER_NAME = 'dma_fence.driver.name';
export const TIMELINE_NAME = 'dma_fence.timeline.name';
/** Seconds from creation to `emit`. */
export const QUEUE_DURATION = 'dma_fence.queue.duration';
/** `pending`, `stalled` (pending, and nothing is known that it waits for), `abandoned`, `late`, `released` (a container that nobody wanted), `canceled` or `failed` (no error by `isError`); absent on a fence that simply signaled or failed. On metrics: `pending`, `signaled`, `failed`. */
export const STATE = 'dma_fence.state';
/** Seconds since creation, on what is told of a pending fence. */
export const AGE = 'dma_fence.age';
export const WAITER_COUNT = 'dma_fence.waiter.count';
/** The fence whose work waits, as `context:seqno`; where it is known, see `insideFence`. */
export const WAITER = 'dma_fence.waiter';
export const WAIT_OUTCOME = 'dma_fence.wait.outcome';
/** How many fences it depends on, whether linked or not. */
export const DEPENDENCY_COUNT = 'dma_fence.dependency.count';
/** The linked ones, as `context:seqno`. */
export const DEPENDENCIES = 'dma_fence.dependencies';
/** The dependency that signaled last; of a pending fence the first one that has not, and no other. */
export const BLOCKED_BY = 'dma_fence.blocked_by';
/** The span of that fence: of a pending one the newest that has ended, so that a backend has it. */
export const BLOCKED_BY_SPAN_ID = 'dma_fence.blocked_by_span_id';
/** The oldest pending fence of the same context, which must signal before. */
export const QUEUED_BEHIND = 'dma_fence.queued_behind';
/** As `BLOCKED_BY_SPAN_ID`. */
export const QUEUED_BEHIND_SPAN_ID = 'dma_fence.queued_behind_span_id';
/** The fence that failed first with the same error, as `context:seqno`. */
export const ERROR_SOURCE = 'dma_fence.error.source';
export const ERROR_SOURCE_SPAN_ID = 'dma_fence.error.source_span_id';
export const CALLBACK_DURATION = 'dma_fence.callback.duration';
export const ERROR_TYPE = 'error.type';

/** `error.type` of a fence that outlived `hangAfterMs`. */
export const TIMEOUT = 'timeout';
/** `error.type` of a fence that stands still while nothing is known that it waits for. */
export const STALLED = 'stalled';
