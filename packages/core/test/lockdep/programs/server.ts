import { EventEmitter, once } from 'node:events';
import { DmaFenceContext, waitAll, type DmaFence } from '@dma-fence/core';
import { lockdep } from '@dma-fence/core/lockdep';
import { Mutex } from 'async-mutex';
import { tick, type Program } from './program.js';

const disk = new DmaFenceContext({ driverName: 'disk', timelineName: 'writes' });

/** Uploads: each request writes its parts under the session's lock; the disk notes its progress in the session. */
class UploadServer {
  readonly session = lockdep.wrap(new Mutex(), 'session');
  readonly events = new EventEmitter();
  progress = 0;
  readonly waitUnderLock: boolean;

  constructor(waitUnderLock: boolean) {
    this.waitUnderLock = waitUnderLock;
    this.events.on('request', (parts: number) => {
      this.handle(parts).catch((error: unknown) => this.events.emit('error', error));
    });
  }

  write(): DmaFence {
    const fence = disk.createFence();
    void fence.signalAfter(async () => {
      await tick();
      const release = await this.session.acquire();
      this.progress++;
      release();
    });
    return fence;
  }

  async handle(parts: number): Promise<void> {
    const written: DmaFence[] = [];
    const release = await this.session.acquire();
    try {
      for (let part = 0; part < parts; part++) written.push(this.write());
      // Finished long ago, so nothing hangs: an empty upload, or a part that was there already.
      if (this.waitUnderLock && parts === 0) await waitAll([finished()]);
    } finally {
      release();
    }
    await waitAll(written);
    this.events.emit('response', written.length);
  }
}

function finished(): DmaFence {
  const fence = disk.createFence();
  fence.signal();
  return fence;
}

async function uploads(waitUnderLock: boolean): Promise<void> {
  const server = new UploadServer(waitUnderLock);
  for (const parts of [2, 0, 3]) {
    const response = once(server.events, 'response');
    server.events.emit('request', parts);
    await response;
  }
}

/** Transfers between accounts, each with a lock of its own. */
class Bank {
  readonly accounts: { id: number; balance: number; lock: Mutex }[];
  readonly sorted: boolean;

  constructor(sorted: boolean) {
    this.sorted = sorted;
    this.accounts = [0, 1, 2, 3].map((id) => ({
      id,
      balance: 100,
      lock: lockdep.wrap(new Mutex(), 'account'),
    }));
  }

  async transfer(from: number, to: number, amount: number): Promise<void> {
    const pair = [from, to].map((id) => this.accounts[id] as Bank['accounts'][number]);
    const order = this.sorted ? [...pair].sort((a, b) => a.id - b.id) : pair;
    const releases: (() => void)[] = [];
    for (const { lock } of order) releases.push(await lock.acquire());
    await tick();
    (pair[0] as { balance: number }).balance -= amount;
    (pair[1] as { balance: number }).balance += amount;
    for (const release of releases.reverse()) release();
  }
}

async function transfers(sorted: boolean): Promise<void> {
  const bank = new Bank(sorted);
  await Promise.all([bank.transfer(0, 1, 5), bank.transfer(2, 3, 7)]);
  await Promise.all([bank.transfer(1, 0, 1), bank.transfer(3, 2, 2)]);
}

/** A registry and its configuration, each behind a lock of the house's own make. */
class HouseLock {
  readonly #class;
  #tail: Promise<void> = Promise.resolve();

  constructor(name: string) {
    this.#class = lockdep.classOf(name);
  }

  async lock(): Promise<() => void> {
    const before = this.#tail;
    let open: () => void = () => undefined;
    this.#tail = new Promise((resolve) => {
      open = resolve;
    });
    const held = lockdep.acquire(this.#class);
    await before;
    return () => {
      lockdep.release(held);
      open();
    };
  }
}

async function reload(reversed: boolean): Promise<void> {
  const [registry, config] = [new HouseLock('registry'), new HouseLock('config')];
  async function withBoth(first: HouseLock, second: HouseLock, work: () => Promise<void>): Promise<void> {
    const outer = await first.lock();
    const inner = await second.lock();
    try {
      await work();
    } finally {
      inner();
      outer();
    }
  }
  const register = (): Promise<void> => withBoth(config, registry, tick);
  const refresh = (): Promise<void> =>
    reversed ? withBoth(registry, config, tick) : withBoth(config, registry, tick);
  // Many requests, nobody awaits them one by one.
  const requests: Promise<void>[] = [];
  for (let request = 0; request < 5; request++) requests.push(register());
  await Promise.all(requests);
  await refresh();
}

export const serverPrograms: Program[] = [
  {
    name: 'an upload server that waits for the disk under its session lock',
    wrong: 'lock-under-wait',
    run: () => uploads(true),
  },
  {
    name: 'an upload server that waits after it released its session lock',
    wrong: undefined,
    run: () => uploads(false),
  },
  {
    name: 'a bank that locks accounts in the order of the transfer',
    wrong: 'lock-order',
    run: () => transfers(false),
  },
  { name: 'a bank that locks accounts by their number', wrong: undefined, run: () => transfers(true) },
  {
    name: 'a registry that is refreshed in the other order than it is read',
    wrong: 'lock-order',
    run: () => reload(true),
  },
  { name: 'a registry with one order of its locks', wrong: undefined, run: () => reload(false) },
];
