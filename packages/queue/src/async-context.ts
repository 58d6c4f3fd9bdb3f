/** Runs code in the asynchronous context in which it was captured. */
export interface CapturedContext {
  runInAsyncScope<A, R>(work: (argument: A) => R, thisArgument: undefined, argument: A): R;
}

/** What platforms may have; looked up once, so that nothing is imported that a browser lacks. */
interface Host {
  process?: {
    getBuiltinModule?(name: string): { AsyncResource?: new (type: string) => CapturedContext } | undefined;
  };
  AsyncContext?: { Snapshot?: new () => { run<A, R>(work: (argument: A) => R, argument: A): R } };
}

/** Captures the present asynchronous context (`AsyncLocalStorage`); undefined where the platform has none. */
export const captureContext: () => CapturedContext | undefined = contextOf(globalThis);

/** How a platform captures contexts. */
export function contextOf(host: object): () => CapturedContext | undefined {
  const { process, AsyncContext } = host as Host;
  const Resource = process?.getBuiltinModule?.('node:async_hooks')?.AsyncResource;
  if (Resource !== undefined) return () => new Resource('Job');
  const Snapshot = AsyncContext?.Snapshot;
  if (Snapshot === undefined) return () => undefined;
  return () => {
    const snapshot = new Snapshot();
    return { runInAsyncScope: (work, _this, argument) => snapshot.run(work, argument) };
  };
}
