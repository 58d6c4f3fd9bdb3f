// Fences with names of their own stand in lists, maps and patterns, and are put by one or the other.
import type { DmaFenceContext, DmaFence, DriverFence } from '@dma-fence/core';
declare const c: DmaFenceContext;
declare function send(f: readonly DmaFence[] | { fence: DmaFence }): void;
declare const jobs: string[];

// loop over literal
export function f1() {
  const a = c.createFence();
  const b = c.createFence();
  for (const x of [a, b]) x.signal();
  a.put();
  b.put();
}
// forEach literal
export function f2() {
  const a = c.createFence();
  const b = c.createFence();
  [a, b].forEach((x) => x.signal());
  a.put();
  b.put();
}
// both = map get
export function f3(a: DmaFence, b: DmaFence) {
  const both = [a, b].map((f) => f.get());
  for (const x of both) x.put();
}
// both returned
export function f4(a: DmaFence, b: DmaFence) {
  const both = [a, b].map((f) => f.get());
  return both;
}
// rest pattern
export function f5() {
  const [first, ...rest] = [c.createFence(), c.createFence()];
  first.put();
  for (const r of rest) r.put();
}
// rest pattern 2
export function f6() {
  const [first, ...rest] = [c.createFence(), c.createFence(), c.createFence()];
  first.put();
  rest.forEach((r) => r.put());
}
// send list in loop with using
export function f7() {
  using f = c.createFence();
  for (let i = 0; i < 3; i++) send([f]);
}
// Array.from
export function f8(fs: DmaFence[]) {
  const refs = Array.from(fs, (x) => x.get());
  for (const r of refs) r.put();
}
// entries
export function f9() {
  const a = c.createFence();
  const b = c.createFence();
  for (const [i, x] of [a, b].entries()) {
    console.log(i, x.name);
  }
  a.put();
  b.put();
}
// Object.values
export function f10() {
  const m = { a: c.createFence(), b: c.createFence() };
  for (const x of Object.values(m)) x.put();
}
// Object.entries
export function f11() {
  const m = { a: c.createFence(), b: c.createFence() };
  for (const [k, x] of Object.entries(m)) {
    console.log(k);
    x.put();
  }
}
// new Set literal
export function f12() {
  const a = c.createFence();
  const s = new Set([a, c.createFence()]);
  for (const x of s) x.put();
}
// new Map literal
export function f13() {
  const m = new Map([['a', c.createFence()]]);
  for (const x of m.values()) x.put();
}
// filter literal
export function f14() {
  const a = c.createFence();
  const b = c.createFence();
  const p = [a, b].filter((x) => !x.signaled);
  console.log(p.length);
  a.put();
  b.put();
}
// find
export function f15() {
  const a = c.createFence();
  const b = c.createFence();
  const p = [a, b].find((x) => !x.signaled);
  p?.signal();
  a.put();
  b.put();
}
// some/every
export function f16() {
  const a = c.createFence();
  const b = c.createFence();
  if ([a, b].every((x) => x.signaled) || [a, b].some((x) => x.signaled)) console.log(1);
  a.put();
  b.put();
}
// reduce
export function f17() {
  const a = c.createFence();
  const b = c.createFence();
  const n = [a, b].reduce((s, x) => s + x.seqno, 0n);
  console.log(n);
  a.put();
  b.put();
}
// concat
export function f18() {
  const a = c.createFence();
  const list = [a].concat([c.createFence()]);
  for (const x of list) x.put();
}
// spread
export function f19() {
  const a = c.createFence();
  const rest = [c.createFence()];
  const list = [a, ...rest];
  for (const x of list) x.put();
}
// at, index
export function f20() {
  const list = [c.createFence(), c.createFence()];
  list[0]!.signal();
  list.at(-1)!.signal();
  for (const x of list) x.put();
}
// index loop
export function f21() {
  const list = [c.createFence(), c.createFence()];
  for (let i = 0; i < list.length; i++) list[i]!.put();
}
// while pop
export function f22() {
  const list = [c.createFence(), c.createFence()];
  while (list.length > 0) list.pop()!.put();
}
// while shift
export function f23() {
  const list = [c.createFence(), c.createFence()];
  let x: DmaFence | undefined;
  while ((x = list.shift())) x.put();
}
// nested closure uses
export function f24() {
  const a = c.createFence();
  const log = () => console.log(a.name);
  log();
  [1, 2].forEach(() => log());
  a.put();
}
// nested function puts
export function f25() {
  const a = c.createFence();
  function end() {
    a.put();
  }
  try {
    a.signal();
  } finally {
    end();
  }
}
// IIFE async
export async function f26() {
  const a = c.createFence();
  await (async () => {
    await a.wait();
  })();
  a.put();
}
// allSettled list finally
export async function f27() {
  const list = [c.createFence(), c.createFence()];
  try {
    await Promise.allSettled(list.map((x) => x.wait()));
  } finally {
    for (const x of list) x.put();
  }
}
// for await of waits
export async function f28() {
  const a = c.createFence();
  const b = c.createFence();
  for (const x of [a, b]) await x.wait();
  a.put();
  b.put();
}
// swap destructuring
export function f29() {
  let a = c.createFence();
  let b = c.createFence();
  [a, b] = [b, a];
  a.put();
  b.put();
}
// destructure object rest
export function f30() {
  const { a, ...rest } = { a: c.createFence(), b: c.createFence() };
  a.put();
  rest.b.put();
}
// tuple function
function two31(): [DriverFence, DriverFence] {
  return [c.createFence(), c.createFence()];
}
export function f31() {
  const [a, b] = two31();
  a.put();
  b.put();
}
// default
export function f32(x?: DmaFence) {
  const a = x?.get() ?? c.createFence();
  a.put();
}
// new Array
export function f33() {
  const list: DmaFence[] = new Array();
  list.push(c.createFence());
  for (const x of list) x.put();
}
// flatMap
export function f34(jobs: { fs: DmaFence[] }[]) {
  const refs = jobs.flatMap((j) => j.fs.map((x) => x.get()));
  for (const r of refs) r.put();
}
// map of fences replace
export function f35(names: string[]) {
  const m = new Map<string, DmaFence>();
  for (const n of names) {
    m.get(n)?.put();
    m.set(n, c.createFence());
  }
  for (const x of m.values()) x.put();
}
// set delete
export function f36() {
  const s = new Set<DmaFence>();
  const a = c.createFence();
  s.add(a);
  if (s.delete(a)) a.put();
}
// map get own
export function f37() {
  const f0 = c.createFence();
  const refs2 = [f0].map((one) => one.get());
  for (const one of refs2) one.put();
  f0.put();
}
// map get own 2
export function f38() {
  const f0 = c.createFence();
  const refs2 = [f0].map((one) => one.get());
  refs2.forEach((one) => one.put());
  f0.put();
}
