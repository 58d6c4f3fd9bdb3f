import { DmaFenceContext, type DmaFence, type DriverFence } from '@dma-fence/core';

const context = new DmaFenceContext({ driverName: 'session', timelineName: 'closed' });

interface Session {
  readonly user: string;
  readonly closed: DriverFence<undefined>;
}

const sessions = new Map<number, Session>();
let nextId = 1;

export function register(user: string): number {
  const id = nextId++;
  sessions.set(id, { user, closed: context.createFence() });
  return id;
}

/** A reference that is signaled when the session ends. */
export function onClosed(id: number): DmaFence | undefined {
  return sessions.get(id)?.closed.get();
}

export function unregister(id: number): boolean {
  const session = sessions.get(id);
  if (!session) return false;
  session.closed.signal();
  sessions.delete(id);
  // reports require-field-release
  return true;
}

export function unregisterAll(): void {
  for (const { closed } of sessions.values()) {
    closed.fail('ECANCELED');
    closed.put();
  }
  sessions.clear();
}
