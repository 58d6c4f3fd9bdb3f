import { setTimeout as delay } from 'node:timers/promises';
import { DmaFenceContext, FenceCallback, type DmaFence } from '@dma-fence/core';
import { lockdep } from '@dma-fence/core/lockdep';
import { Mutex } from 'async-mutex';
import { tick, type Program } from './program.js';

const loads = new DmaFenceContext({ driverName: 'net', timelineName: 'loads' });

/** Reads through: what is missing is loaded once, and everybody waits for that load. */
class ReadThrough {
  readonly #lock = lockdep.wrap(new Mutex(), 'read-through cache');
  readonly #entries = new Map<string, DmaFence>();
  readonly #waitUnderLock: boolean;
  hits = 0;

  constructor(waitUnderLock: boolean) {
    this.#waitUnderLock = waitUnderLock;
  }

  async get(key: string): Promise<void> {
    const loading = await this.#lock.runExclusive(async () => {
      let entry = this.#entries.get(key);
      if (entry === undefined) this.#entries.set(key, (entry = this.#load()));
      else {
        this.hits++;
        // A hit: loaded before, in these runs always long ago.
        if (this.#waitUnderLock) await entry.wait();
      }
      return entry;
    });
    await loading.wait();
  }

  #load(): DmaFence {
    const loaded = loads.createFence();
    void loaded.signalAfter(async () => {
      await tick();
      await this.#lock.runExclusive(() => tick());
    });
    return loaded;
  }
}

async function readThrough(waitUnderLock: boolean): Promise<void> {
  const cache = new ReadThrough(waitUnderLock);
  await Promise.all(['a', 'b', 'c'].map((key) => cache.get(key)));
  await cache.get('a');
}

/** A cache that is refreshed whenever its source has changed. */
async function refreshing(waitInCallback: boolean): Promise<void> {
  const source = new DmaFenceContext({ driverName: 'db', timelineName: 'changes' });
  const lock = lockdep.wrap(new Mutex(), 'refresh');
  const version = { number: 0 };
  async function refresh(): Promise<void> {
    const loaded = loads.createFence();
    setImmediate(() => loaded.signal());
    await loaded.wait();
    await lock.runExclusive(() => version.number++);
  }
  const change = source.createFence();
  const record = new FenceCallback(() => {
    if (waitInCallback) void refresh();
    else queueMicrotask(() => void refresh());
  });
  change.addCallback(record);
  change.signal();
  while (version.number === 0) await tick();
}

/** What a sweep does first. */
type Order = 'wait, then lock' | 'lock, then wait';

/** Entries expire on a timer, which locks the table; pinned ones are waited for. */
class Expiring {
  readonly #table = lockdep.wrap(new Mutex(), 'expiring table');
  readonly #entries: DmaFence[] = [];
  readonly #order: Order;

  constructor(order: Order) {
    this.#order = order;
  }

  async add(): Promise<DmaFence> {
    const fence = loads.createFence();
    const release = await this.#table.acquire();
    this.#entries.push(fence);
    release();
    void fence.signalAfter(async () => {
      await delay(1);
      const again = await this.#table.acquire();
      again();
    });
    return fence;
  }

  expire(): Promise<void> {
    return new Promise((resolve, reject) => {
      setTimeout(() => {
        this.#sweep().then(resolve, reject);
      }, 5);
    });
  }

  async #sweep(): Promise<void> {
    const oldest = this.#entries[0];
    if (this.#order === 'wait, then lock') await oldest?.wait();
    const release = await this.#table.acquire();
    if (this.#order === 'lock, then wait') await oldest?.wait();
    this.#entries.shift();
    release();
  }
}

async function expiry(order: Order): Promise<void> {
  const cache = new Expiring(order);
  const fence = await cache.add();
  await fence.wait();
  await cache.expire();
}

/** A cache of two levels, each with its lock; a miss goes down, an eviction writes up. */
async function levels(writeUp: boolean): Promise<void> {
  const [near, far] = [lockdep.wrap(new Mutex(), 'near'), lockdep.wrap(new Mutex(), 'far')];
  async function miss(): Promise<void> {
    await near.runExclusive(async () => {
      const release = await far.acquire();
      await tick();
      release();
    });
  }
  function evict(): Promise<void> {
    return far.acquire().then(async (release) => {
      if (!writeUp) release();
      const releaseNear = await near.acquire();
      releaseNear();
      if (writeUp) release();
    });
  }
  for (let round = 0; round < 2; round++) await miss();
  await evict();
}

export const cachePrograms: Program[] = [
  {
    name: 'a read-through cache that waits for a load under its lock',
    wrong: 'lock-under-wait',
    run: () => readThrough(true),
  },
  {
    name: 'a read-through cache that waits for a load outside of its lock',
    wrong: undefined,
    run: () => readThrough(false),
  },
  {
    name: 'a cache that is refreshed inside the callback of a change',
    wrong: 'forbidden',
    run: () => refreshing(true),
  },
  {
    name: 'a cache whose refresh is set going by the callback of a change',
    wrong: undefined,
    run: () => refreshing(false),
  },
  {
    name: 'a sweep that waits for an entry under the lock of the table',
    wrong: 'lock-under-wait',
    run: () => expiry('lock, then wait'),
  },
  {
    name: 'a sweep that waits for an entry, then locks the table',
    wrong: undefined,
    run: () => expiry('wait, then lock'),
  },
  { name: 'two levels of a cache that lock each other', wrong: 'lock-order', run: () => levels(true) },
  {
    name: 'two levels of a cache, locked one after the other on the way up',
    wrong: undefined,
    run: () => levels(false),
  },
];
