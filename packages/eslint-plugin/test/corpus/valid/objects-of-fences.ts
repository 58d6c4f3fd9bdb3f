// Records and classes that have fences, and methods that put them.
import type { DmaFenceContext, DmaFence, Owned } from '@dma-fence/core';
declare const c: DmaFenceContext;

// job record with stop
export function f1() {
  const job = {
    f: c.createFence(),
    stop() {
      this.f.put();
    },
  };
  job.stop();
}
// owned list at
export class Q2 {
  readonly #list: Owned<DmaFence>[] = [];
  add(f: DmaFence) {
    this.#list.push(f.get());
  }
  peek() {
    const f = this.#list.at(0);
    return f?.seqno;
  }
  close() {
    for (const f of this.#list) f.put();
    this.#list.length = 0;
  }
}
// owned map get
export class Q3 {
  readonly #m = new Map<string, Owned<DmaFence>>();
  add(k: string, f: DmaFence) {
    this.#m.get(k)?.put();
    this.#m.set(k, f.get());
  }
  seq(k: string) {
    const f = this.#m.get(k);
    return f === undefined ? 0n : f.seqno;
  }
  async all() {
    for (const f of this.#m.values()) await f.wait();
  }
  close() {
    for (const f of this.#m.values()) f.put();
    this.#m.clear();
  }
}
// borrow across await: take 2
export class A4 {
  #f: DmaFence | undefined;
  set(f: DmaFence) {
    this.#f?.put();
    this.#f = f.get();
  }
  async close() {
    const f = this.#f;
    this.#f = undefined;
    await f?.wait();
    f?.put();
  }
}
// borrow across await: take 3
export class A5 {
  #f: DmaFence | undefined;
  set(f: DmaFence) {
    this.#f?.put();
    this.#f = f.get();
  }
  async close() {
    const f = this.#f;
    if (f === undefined) return;
    this.#f = undefined;
    try {
      await f.wait();
    } finally {
      f.put();
    }
  }
}
// borrow across await: take 4
export class A6 {
  #f: DmaFence | null = null;
  set(f: DmaFence) {
    this.#f?.put();
    this.#f = f.get();
  }
  async close() {
    const { f } = { f: this.#f };
    this.#f = null;
    if (!f) return;
    await f.wait();
    f.put();
  }
}
// record iterate
export function f7() {
  const job = {
    a: c.createFence(),
    b: c.createFence(),
    end() {
      this.a.put();
      this.b.put();
    },
  };
  try {
    job.a.signal();
  } finally {
    job.end();
  }
}
// record with arrow end
export function f8() {
  const a = c.createFence();
  const job = { a, end: () => a.put() };
  job.a.signal();
  job.end();
}
// record method through alias
export function f9() {
  const job = {
    f: c.createFence(),
    stop() {
      this.f.put();
    },
  };
  const j = job;
  j.stop();
}
// record method in finally, called via other method
export function f10() {
  const job = {
    f: c.createFence(),
    stop() {
      this.close();
    },
    close() {
      this.f.put();
    },
  };
  job.stop();
}
// record stop passed
export function f11(run: (stop: () => void) => void) {
  const job = {
    f: c.createFence(),
    stop() {
      this.f.put();
    },
  };
  run(() => job.stop());
}
// record getter setters
export function f12() {
  const box = {
    f: undefined as DmaFence | undefined,
    set(x: DmaFence) {
      this.f = x.get();
    },
    end() {
      this.f?.put();
      this.f = undefined;
    },
  };
  const a = c.createFence();
  box.set(a);
  a.put();
  box.end();
}
// list of records
export function f13(names: string[]) {
  const list = names.map((name) => ({ name, f: c.createFence() }));
  for (const { f } of list) f.signal();
  for (const j of list) j.f.put();
}
// list of records 2
export async function f14(names: string[]) {
  const list = names.map((name) => ({ name, f: c.createFence() }));
  await Promise.all(list.map((j) => j.f.wait()));
  list.forEach((j) => j.f.put());
}
// list of records 3
export async function f15(names: string[]) {
  const list: { f: DmaFence }[] = [];
  for (const n of names) {
    console.log(n);
    list.push({ f: c.createFence() });
  }
  try {
    for (const { f } of list) await f.wait();
  } finally {
    for (const { f } of list) f.put();
  }
}
// map of records
export function f16(names: string[]) {
  const m = new Map<string, { f: DmaFence }>();
  for (const n of names) m.set(n, { f: c.createFence() });
  for (const j of m.values()) j.f.put();
}
