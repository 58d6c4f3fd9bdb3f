import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lint } from '../support/lint.js';

const head = `import { DmaFenceContext, type DmaFence, type Owned } from '@dma-fence/core';
declare const c: DmaFenceContext;
declare const lent: DmaFence;
declare const lent0: DmaFence;
declare const lent1: DmaFence;
declare const lent2: DmaFence;
declare const isIt: boolean;
declare function look(fence: DmaFence): void;
declare function lookAll(fences: readonly DmaFence[]): void;
declare function lookInto(holder: { readonly fence: DmaFence }): void;
function lookHere(fences: readonly DmaFence[]): string { return fences.map((one) => one.name).join(); }
function giveBack(fence: Owned<DmaFence>): void { fence.put(); }
function giveAllBack(fences: readonly DmaFence[]): void { for (const one of fences) one.put(); }
`;

/** Ways to take a reference, to use it, and to give it back; `$` is its name, \`#\` a number that no other place has. */
const takes: readonly string[] = [
  'const $ = c.createFence();',
  'const $ = lent.get();',
  'const [$] = [c.createFence()];',
  'const { $ } = { $: c.createFence() };',
  'const [$, ...more#] = [c.createFence(), 1];',
];

const uses: readonly string[] = [
  'void $.seqno;',
  '$;',
  'look($);',
  'look($!);',
  'lookAll([$]);',
  'lookInto({ fence: $ });',
  'lookHere([$]);',
  'console.log(lookHere([$, $]));',
  'for (const one of [$]) look(one);',
  'for (const [at, one] of [$].entries()) console.log(at, one.name);',
  '[$].forEach((one) => look(one));',
  '[$].map((one) => one.name);',
  'await Promise.all([$].map((one) => one.wait()));',
  'await Promise.all([$.wait()]);',
  'if ([$].some((one) => one.signaled)) console.log(1);',
  'const list# = [$]; lookAll(list#);',
  'const set# = new Set([$]); console.log(set#.size);',
  'const job# = { fence: $, id: 1 }; lookInto(job#);',
  'const job# = { fence: $, show() { look(this.fence); } }; job#.show();',
  'const log# = (): void => look($); log#(); log#();',
  'function log#(): void { look($); } log#();',
  '[1, 2].forEach(() => look($));',
  'for (let at = 0; at < 3; at += 1) lookAll([$]);',
  'for (let at = 0; at < 3; at += 1) { const again = $.get(); again.put(); }',
  'if (isIt) look($); else lookAll([$]);',
  'do { look($); } while (false);',
  'label#: { if (isIt) break label#; look($); }',
  'try { look($); } finally { look($); }',
  'const refs# = [$].map((one) => one.get()); for (const one of refs#) one.put();',
  '{ using again = $.get(); look(again); }',
  'switch (lent.name) { case "a": look($); break; default: lookAll([$]); }',
  'const other# = $; look(other#);',
];

/** Uses after which nothing is said of what they were given: somebody unknown may have kept it. */
const silencing: ReadonlySet<string> = new Set([
  'lookInto({ fence: $ });',
  'const job# = { fence: $, id: 1 }; lookInto(job#);',
  'const set# = new Set([$]); console.log(set#.size);',
  'for (const [at, one] of [$].entries()) console.log(at, one.name);',
]);

const puts: readonly string[] = [
  '$.put();',
  '$[Symbol.dispose]();',
  '$?.put();',
  "$!['put']();",
  'for (const one of [$]) one.put();',
  '[$].forEach((one) => one.put());',
  'const list# = [$]; for (const one of list#) one.put();',
  'const job# = { fence: $ }; job#.fence.put();',
  'const job# = { fence: $, stop() { this.fence.put(); } }; job#.stop();',
  'const stop# = (): void => $.put(); stop#();',
  'function stop#(): void { $.put(); } stop#();',
  'if (isIt) $.put(); else $[Symbol.dispose]();',
  'try { look($); } finally { $.put(); }',
  'giveBack($);',
  'giveAllBack([$]);',
  'const other# = $; other#.put();',
  'do { $.put(); } while (false);',
  'switch (lent.name) { case "a": $.put(); break; default: $.put(); }',
];

const heard = uses.filter((use) => !silencing.has(use));

interface Life {
  readonly take: string;
  readonly uses: readonly string[];
  readonly put: string;
}

const lifeWith = (known: readonly string[]): fc.Arbitrary<Life> =>
  fc.record({
    take: fc.constantFrom(...takes),
    uses: fc.array(fc.constantFrom(...known), { maxLength: 4 }),
    put: fc.constantFrom(...puts),
  });

type Fault = 'none' | 'leak' | 'again' | 'late';

/** One function in which some references live, one of them with a fault. */
function print(lives: readonly Life[], fault: Fault): string {
  let count = 0;
  const fill = (text: string, name: string): string => {
    count += 1;
    return text.replaceAll('$', () => name).replaceAll('#', String(count));
  };
  // Each takes its reference on a fence of its own.
  const lines = lives.map(({ take }, at) =>
    fill(take.replace('lent.', `lent${String(at)}.`), `f${String(at)}`),
  );
  for (const [at, one] of lives.entries())
    for (const use of one.uses) lines.push(fill(use, `f${String(at)}`));
  for (const [at, { put }] of lives.entries()) {
    const name = `f${String(at)}`;
    if (at > 0 || fault !== 'leak') lines.push(fill(put, name));
    if (at === 0 && fault === 'again') lines.push(fill('$.put();', name));
    // Who was given the reference may well keep it: of what comes after that nothing is said.
    if (at === 0 && fault === 'late' && !put.startsWith('give')) lines.push(fill('await $.wait();', name));
    else if (at === 0 && fault === 'late') lines.push(fill('$.put();', name));
  }
  return `${head}export async function run(): Promise<void> {\n  ${lines.join('\n  ')}\n}\n`;
}

/** What a class does with its field, in its own words; \`!\` stands where the reference is given back. */
const fields: readonly string[] = [
  '#fence: DmaFence | undefined; set(next: DmaFence): void { !this.#fence?.put();! this.#fence = next.get(); } [Symbol.dispose](): void { this.#fence?.put(); }',
  '#fence: DmaFence; constructor(fence: DmaFence) { this.#fence = fence.get(); } [Symbol.dispose](): void { !this.#fence.put();! }',
  '#fence: DmaFence | undefined; set(next: DmaFence): void { this.#keep(next.get()); } #keep(next: DmaFence): void { !this.#fence?.put();! this.#fence = next; } [Symbol.dispose](): void { this.#fence?.put(); }',
  '#fence: DmaFence | undefined; set(next: DmaFence): void { this.#drop(); this.#fence = next.get(); } #drop(): void { !this.#fence?.put();! this.#fence = undefined; } [Symbol.dispose](): void { this.#drop(); }',
  '#fence: DmaFence; constructor(fence: DmaFence) { this.#fence = fence.get(); } #drop(): void { !this.#fence.put();! } [Symbol.dispose](): void { this.#drop(); }',
];

/** One seed, so that a run on somebody else's change says the same twice; `FC_SEED` sets another. */
const seed = Number(process.env['FC_SEED'] ?? 1);

const rules = { 'dma-fence/prefer-using': 'off' } as const;

function field(text: string, fault: Fault): string {
  const parts = text.split('!');
  const [before = '', put = '', after = ''] = parts;
  const kept = fault === 'leak' ? '' : fault === 'again' ? `${put} ${put}` : put;
  return `${head}export class Holder {\n  ${before}${kept}${after}\n}\n`;
}

describe('references that are taken, used and given back in ways that are all right', () => {
  it('are not reported', () => {
    fc.assert(
      fc.property(fc.array(lifeWith(uses), { minLength: 1, maxLength: 3 }), (lives) => {
        const code = print(lives, 'none');
        expect(lint(code, { rules }), code).toEqual([]);
      }),
      { numRuns: 150, seed },
    );
  });

  it.each(['leak', 'again', 'late'] as const)('are reported where one of them has the fault %s', (fault) => {
    fc.assert(
      fc.property(fc.array(lifeWith(heard), { minLength: 1, maxLength: 3 }), (lives) => {
        const code = print(lives, fault);
        expect(lint(code, { rules }), code).not.toEqual([]);
      }),
      { numRuns: 60, seed },
    );
  });

  it('are silent one way at a time', () => {
    const [take = '', ...others] = takes;
    const [put = ''] = puts;
    const lives: Life[] = [
      ...others.map((one) => ({ take: one, uses: [], put })),
      ...uses.map((use) => ({ take, uses: [use], put })),
      ...puts.map((one) => ({ take, uses: [], put: one })),
    ];
    for (const one of lives) expect(lint(print([one], 'none'), { rules }), JSON.stringify(one)).toEqual([]);
  });
});

describe('a field of a class', () => {
  it.each(fields)('is silent as it should be: %s', (text) => {
    expect(lint(field(text, 'none'), { rules })).toEqual([]);
  });

  it.each(fields)('is reported without its put, and with a second one: %s', (text) => {
    expect(lint(field(text, 'leak'), { rules })).not.toEqual([]);
    expect(lint(field(text, 'again'), { rules })).not.toEqual([]);
  });
});
