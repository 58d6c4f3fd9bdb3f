// Promises of fences, one by one and all together.
import type { DmaFenceContext, DmaFence } from '@dma-fence/core';
declare const c: DmaFenceContext;
declare function send(f: readonly DmaFence[] | { fence: DmaFence }): void;
declare const jobs: string[];
declare function start(j: string): Promise<DmaFence>;
declare const done: DmaFence[];

// promise all map literal
export async function f1() {
  const a = c.createFence();
  const b = c.createFence();
  await Promise.all([a, b].map((f) => f.wait()));
  a.put();
  b.put();
}
// send list in loop then put
export function f2() {
  const f = c.createFence();
  for (let i = 0; i < 3; i++) send([f]);
  f.put();
}
// send record in loop then put
export function f3() {
  const f = c.createFence();
  for (const j of jobs) {
    send({ fence: f });
    void j;
  }
  f.put();
}
// borrow across await: take out of the field then wait
export class A4 {
  #f: DmaFence | undefined;
  set(f: DmaFence) {
    this.#f?.put();
    this.#f = f.get();
  }
  async close() {
    const f = this.#f;
    this.#f = undefined;
    if (f) {
      await f.wait();
      f.put();
    }
  }
}
// lists of all kinds 1
export function f5(fs: DmaFence[]) {
  const refs = fs.map((x) => x.get());
  try {
    for (const r of refs) send([r]);
  } finally {
    refs.forEach((r) => r.put());
  }
}
// filter then put all
export function f6() {
  const all = [c.createFence(), c.createFence()];
  const p = all.filter((x) => !x.signaled);
  for (const x of p) x.signal();
  for (const x of all) x.put();
}
// promise race
export async function f7() {
  const a = c.createFence();
  const b = c.createFence();
  await Promise.race([a.wait(), b.wait()]);
  a.put();
  b.put();
}
// promise then chain
export function f8(): Promise<void> {
  const a = c.createFence();
  return a.wait().then(
    () => {
      a.put();
    },
    () => {
      a.put();
    },
  );
}
// promise finally
export function f9(): Promise<void> {
  const a = c.createFence();
  return a.wait().finally(() => a.put());
}
// then on owned
export function f10(p: Promise<DmaFence>): void {
  void p.then((x) => {
    x.put();
  });
}
// then gives on
export function f11(): Promise<DmaFence> {
  return start('a').then((x) => x);
}
// then stores
export function f12(): void {
  void start('a').then((x) => {
    done.push(x);
  });
}
// then wait put
export function f13(): Promise<void> {
  return start('a').then(async (x) => {
    try {
      await x.wait();
    } finally {
      x.put();
    }
  });
}
// all then put
export async function f14() {
  const fences = await Promise.all(jobs.map((j) => start(j)));
  for (const x of fences) x.put();
}
// all async arrow then put
export async function f15() {
  const fences = await Promise.all(jobs.map(async (j) => await start(j)));
  for (const x of fences) x.put();
}
// all pair
export async function f16() {
  const [a, b] = await Promise.all([start('a'), start('b')]);
  a.put();
  b.put();
}
// all returned
export async function f17() {
  return await Promise.all(jobs.map((j) => start(j)));
}
// all returned 2
export function f18() {
  return Promise.all(jobs.map((j) => start(j)));
}
// all waits
export async function f19() {
  const fences = await Promise.all(jobs.map(start));
  await Promise.all(fences.map((x) => x.wait()));
  fences.forEach((x) => x.put());
}
