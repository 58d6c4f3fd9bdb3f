import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analysisOf } from './support/analysis.js';
import { lint } from './support/lint.js';

const head = `import { beginSignalling, DmaFenceContext, FenceCallback, type DmaFence, type Owned } from '@dma-fence/core';
declare const fence: DmaFence;
declare const context: DmaFenceContext;
`;

const odd: Record<string, string> = {
  'nothing but a comment about a Fence': '',
  'decorators and accessors': `function log(..._: unknown[]): any {}
@log class A { @log accessor ref = fence.get(); @log get x() { return this.ref; } set x(v) { this.ref = v; } @log m(@log p: DmaFence) { p.put(); } }`,
  'private names, static blocks, computed keys': `class B { #f = fence.get(); static s = context.createFence(); static { B.s.put(); for (;;) break; }
has(o: object) { return #f in o ? o.#f : undefined; } ['put']() { this.#f.put(); } static async *[Symbol.asyncIterator]() { yield* [fence.get()]; } }`,
  'classes made on the spot': `const made = new (class extends (class { constructor(readonly f: DmaFence) {} }) { constructor() { super(fence.get()); new.target; } })();
(class { put = () => super.toString(); });`,
  'patterns in patterns': `function take({ a: [{ b = fence.get() } = {}, , ...rest] = [], ['c']: c = a0, ...more }: any = {}, [a0 = fence]: any = []) { b.put(); [rest[0], more.x] = [more.x, rest[0]]; ({ y: fence2, ...c } = more); var fence2 = b; }
let [p = (() => fence.get())(), q = p] = [] as DmaFence[];`,
  'labels and jumps': `outer: { inner: for (const x of [1]) { switch (x) { case 1: default: continue inner; case 2: break outer; } } }
a: b: c: for (;;) { if (fence.signaled) continue a; else if (!fence) break b; do { continue c; } while (0); }
while (1) { try { break; } finally { continue; } }`,
  'completions that fight': `function fight(): DmaFence { const f = fence.get(); try { return f; } catch { throw f; } finally { l: try { return fence.get(); } finally { break l; } } }
function* gen(): Generator<DmaFence, void, DmaFence> { const got = yield fence.get(); try { yield got; } finally { yield got.get(); return; } }`,
  'every kind of using': `async function scopes(list: Iterable<DmaFence>) { await using stack = new AsyncDisposableStack(); using a = fence.get(), b = a.get(), c = null;
for (using d of list) { stack.use(d); } for await (await using e of list) void e; switch (1) { case 1: using f = beginSignalling(); }
for (using g = fence.get(); ; ) { break; } { using h = fence as DmaFence; h; } return stack.move(); }`,
  'chains of every sort': `const m = (fence?.get?.()!)?.['get']?.()?.data?.[0n]?.put; (fence.data as any)\`x\${fence.get()}\`.put?.();
(fence ?? fence.get() ?? null)?.put(); (fence || (fence && context.createFence()))!.put(); fence.get().get().get().put().x.y;`,
  'assignments of every sort': `let s: any = {}; s.f ??= fence.get(); s.f ||= s.f; s.f &&= s.f.get(); s[s.f] **= 2; s.f += fence.get(); s.f++; --s['f']; delete s.f, delete s?.f; [s.f, s.g] = [s.g, s.f]; ({ f: s.f = fence.get() } = s); void (s = s = fence.get());`,
  'types everywhere': `enum E { A = 1, B = 'x'.length } namespace N { export const f = fence.get(); export namespace M { export function g(f: DmaFence): f is Owned { return true; } } } declare global { var z: DmaFence }
abstract class T<F extends DmaFence = Owned> { abstract x: F; declare y: F; constructor(private readonly z: F, public w?: F) {} m(this: T, f: F): asserts f is F; m(f: any) { (<F>f).put(); f satisfies F; } }
type R = { [K in keyof R]: R[K] } & R[]; let r!: R; r.put(); interface I extends Array<I> { put(): I } declare const i: I; i.put().put(); function over(f: DmaFence): void; function over(f: any) { f?.put(); }`,
  'modules of every sort': `export * as all from '@dma-fence/core'; import * as core from '@dma-fence/core'; export { core as default, fence as 'put it' }; await import('x'); import.meta.url; core.signaledFence().put(); new core.DmaFenceContext(...([] as any)).createFence(); export const [one, { two }] = [fence.get(), { two: fence.get() }];`,
  'functions that call themselves': `function a(f: DmaFence): DmaFence { return f ? b(f) : a(f); } function b(f: DmaFence): DmaFence { return a(b(f.get())); } const c = (f = c()) => c(f); (function d() { d(); })(); (async () => { await (async () => fence.get())(); })();`,
  'closures in closures': `const make = () => () => () => { const f = fence.get(); return () => { setTimeout(() => f.put(), f.seqno); return [() => f, { f, g() { return f.put(); } }]; }; }; fence.addCallback(new FenceCallback(function () { (arguments[0] as DmaFence).put(); })); fence.addCallback(fence.addCallback as any); new FenceCallback(...([] as any));`,
  'conditions with effects': `let n = 0; for (let k = fence.get(), o; (o = k.get()) && n++ < 3; k = o, o = undefined) if ((n, !(k === o)) !== (n in [] || k instanceof DmaFenceContext)) k?.put(); else throw (k.put(), new Error()); var { length = n } = 'x'; if (n) function hoisted() { fence.put(); } with_: for (const q in fence) q;`,
  'containers in themselves': `function cycle(): void { const a: any[] = [fence.get()]; const b: any = { a }; a.push(b); b.b = b; const c = new Set<any>([a]); c.add(c); for (const one of a) one.x; a.forEach((x) => x); fence.put(); return void a; }
export function knot() { const a: any = {}; const b: any = { a, f: fence.get() }; a.b = b; setTimeout(() => a.b.f.put()); return [a, b]; }`,
  'tags of every sort': `/** @consumes
 * @consumes {DmaFence} f - only when the call returns maybe
 * @borrows @acquires @borrowed @blocks
 */ function tagged(...f: DmaFence[]) { f.map(tagged as any); } /** @consumes a */ const arrow = ({ a }: { a: DmaFence }) => a; /** @signallingPath */ async function path() { for await (const x of [1]) await x; } tagged(...[fence, fence.get()]);`,
};

/** Without what is written about results: what a function gives back is not known by its head then. */
function withoutReturnTypes(code: string): string {
  return code.replaceAll(
    /\)(?:: (?:[\w.]+(?:<[^{}()=]*?>)?(?:\[\])?)(?: \| (?:undefined|null))?)(?= (?:\{|=>))/g,
    ')',
  );
}

const corpus = new URL('corpus/', import.meta.url);
const texts = readdirSync(corpus, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .sort()
  .map((name) => readFileSync(new URL(name, corpus), 'utf8'));

const untyped = { config: 'all', typed: false } as const;

/** What the analysis gave up for another reason than that it was too dear. */
function faults(code: string): string[] {
  return analysisOf(code).surrendered.flatMap(({ reason }) =>
    reason instanceof Error && reason.constructor.name === 'BudgetExceeded' ? [] : [String(reason)],
  );
}

describe('no file is ever crashed', () => {
  it('by the corpus without return types', () => {
    let changed = 0;
    // Every third is enough: what they leave out is much the same.
    for (const text of texts.filter((_, index) => index % 3 === 0)) {
      const code = withoutReturnTypes(text);
      if (code === text) continue;
      changed += 1;
      expect(lint(code, untyped).filter(({ rule }) => rule === 'fatal')).toEqual([]);
      expect(faults(code), code).toEqual([]);
    }
    expect(changed).toBeGreaterThan(150);
  });

  it.each(Object.keys(odd))('by %s', (name) => {
    const code = `${head}${odd[name] ?? ''}\n`;
    for (const options of [untyped, { config: 'all' } as const, { config: 'oxlint', typed: false } as const])
      expect(lint(code, options).filter(({ rule }) => rule === 'fatal')).toEqual([]);
    expect(faults(code)).toEqual([]);
  });

  it('by real code of which pieces are missing, doubled or swapped', () => {
    const piece = fc.record({ at: fc.nat(200), length: fc.nat(6), to: fc.nat(200) });
    let parsed = 0;
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(piece, { minLength: 1, maxLength: 3 }),
        (text, pieces) => {
          // A token keeps the white space after it, so that any order of them can be read again.
          const tokens = text.match(/\/\/[^\n]*\n|\w+\s*|'[^'\n]*'\s*|[^\w\s']\s*/g) ?? [];
          for (const { at, length, to } of pieces) {
            const cut = tokens.splice(at % tokens.length, length);
            if (to % 3 !== 0) tokens.splice(to % (tokens.length + 1), 0, ...cut);
          }
          const code = tokens.join('');
          if (!code.includes('dma-fence') || lint(code, untyped).some(({ rule }) => rule === 'fatal')) return;
          parsed += 1;
          expect(faults(code)).toEqual([]);
        },
      ),
      { numRuns: 600 },
    );
    expect(parsed).toBeGreaterThan(20);
  });
});
