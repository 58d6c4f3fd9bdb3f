// Functions that only look, and calls that throw only where they can.
import type { DmaFenceContext, DmaFence, Borrowed } from '@dma-fence/core';
declare const c: DmaFenceContext;
declare function assert(x: unknown): asserts x;

// same-file list reader
function names1(fs: DmaFence[]) {
  return fs.map((f) => f.name).join();
}
export function f1() {
  const a = c.createFence();
  console.log(names1([a]));
  a.put();
}
// assert under catch
export function f2() {
  try {
    const f = c.createFence();
    assert(f);
    f.put();
  } catch (e) {
    console.log(e);
  }
}
// un-awaited async of the file under a catch
async function log3(f: DmaFence) {
  await f.wait();
  console.log3(1);
}
export function g3() {
  try {
    const f = c.createFence();
    void log3(f);
    f.signal();
    f.put();
  } catch (e) {
    console.log3(e);
  }
}
// generator of borrowed
export function* gen4(list: DmaFence[]): Generator<Borrowed<DmaFence>> {
  for (const f of list) {
    const r = f.get();
    try {
      yield r;
    } finally {
      r.put();
    }
  }
}
