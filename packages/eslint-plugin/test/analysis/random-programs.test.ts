import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analysisOf } from '../support/analysis.js';

/** A program of a small grammar: fences, branches over known flags, loops, early ways out. No call of anything unknown. */
type Statement =
  | { kind: 'take' }
  | { kind: 'again'; from: number }
  | { kind: 'put'; from: number }
  | { kind: 'return' }
  | { kind: 'if'; flag: number; yes: Statement[]; no: Statement[] }
  | { kind: 'loop'; count: number; body: Statement[] }
  | { kind: 'try'; body: Statement[]; last: Statement[] };

const flags = 3;

const { program } = fc.letrec<{ statement: Statement; program: Statement[] }>((tie) => ({
  statement: fc.oneof(
    { maxDepth: 3 },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('take' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('again' as const), from: fc.nat(5) }) },
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('put' as const), from: fc.nat(5) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('return' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('if' as const),
        flag: fc.nat(flags - 1),
        yes: tie('program'),
        no: tie('program'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('loop' as const),
        count: fc.integer({ min: 1, max: 2 }),
        body: tie('program'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('try' as const), body: tie('program'), last: tie('program') }),
    },
  ),
  program: fc.array(tie('statement'), { maxLength: 5 }),
}));

/** The program as TypeScript. */
function print(statements: readonly Statement[]): string {
  let next = 0;
  const block = (list: readonly Statement[], outer: readonly string[]): string => {
    const scope = [...outer];
    return list
      .map((one) => {
        switch (one.kind) {
          case 'take': {
            const name = `f${String(next++)}`;
            scope.push(name);
            return `const ${name} = context.createFence();`;
          }
          case 'again': {
            const from = scope[one.from % scope.length];
            if (from === undefined) return '';
            const name = `f${String(next++)}`;
            scope.push(name);
            return `const ${name} = ${from}.get();`;
          }
          case 'put': {
            const name = scope[one.from % scope.length];
            return name === undefined ? '' : `${name}.put();`;
          }
          case 'return':
            return 'return;';
          case 'if':
            return `if (c${String(one.flag)}) {\n${block(one.yes, scope)}\n} else {\n${block(one.no, scope)}\n}`;
          case 'loop':
            return `for (let i = 0; i < ${String(one.count)}; i += 1) {\n${block(one.body, scope)}\n}`;
          case 'try':
            return `try {\n${block(one.body, scope)}\n} finally {\n${block(one.last, scope)}\n}`;
        }
      })
      .join('\n');
  };
  const parameters = Array.from({ length: flags }, (_, index) => `c${String(index)}: boolean`).join(', ');
  return `import type { DmaFenceContext } from '@dma-fence/core';\nexport function run(context: DmaFenceContext, ${parameters}): void {\n${block(statements, [])}\n}\n`;
}

type Verdict = 'fine' | 'leak' | 'misuse';

/** Runs the program with reference counts, as the library would. */
function execute(statements: readonly Statement[], values: readonly boolean[]): Verdict {
  const objects: { count: number }[] = [];
  class Misuse extends Error {}
  const run = (list: readonly Statement[], outer: readonly { count: number }[]): boolean => {
    const scope = [...outer];
    for (const one of list) {
      switch (one.kind) {
        case 'take': {
          const object = { count: 1 };
          objects.push(object);
          scope.push(object);
          break;
        }
        case 'again':
        case 'put': {
          const object = scope[one.from % scope.length];
          if (object === undefined) break;
          if (object.count === 0) throw new Misuse();
          object.count += one.kind === 'put' ? -1 : 1;
          if (one.kind === 'again') scope.push(object);
          break;
        }
        case 'return':
          return false;
        case 'if':
          if (!run(values[one.flag] === true ? one.yes : one.no, scope)) return false;
          break;
        case 'loop':
          for (let round = 0; round < one.count; round += 1) if (!run(one.body, scope)) return false;
          break;
        case 'try': {
          const goesOn = run(one.body, scope);
          if (!run(one.last, scope) || !goesOn) return false;
          break;
        }
      }
    }
    return true;
  };
  try {
    run(statements, []);
  } catch (error) {
    if (error instanceof Misuse) return 'misuse';
    throw error;
  }
  return objects.some(({ count }) => count > 0) ? 'leak' : 'fine';
}

function verdicts(statements: readonly Statement[]): Set<Verdict> {
  const all = new Set<Verdict>();
  for (let bits = 0; bits < 2 ** flags; bits += 1) {
    all.add(
      execute(
        statements,
        Array.from({ length: flags }, (_, index) => (bits & (1 << index)) !== 0),
      ),
    );
  }
  return all;
}

function hasAgain(statements: readonly Statement[]): boolean {
  return statements.some((one) => {
    if (one.kind === 'again') return true;
    if (one.kind === 'if') return hasAgain(one.yes) || hasAgain(one.no);
    if (one.kind === 'loop') return hasAgain(one.body);
    return one.kind === 'try' && (hasAgain(one.body) || hasAgain(one.last));
  });
}

/** The analysis reads no bounds: to it a loop that turns may turn again. */
function turnTwice(statements: readonly Statement[]): Statement[] {
  return statements.map((one): Statement => {
    if (one.kind === 'if') return { ...one, yes: turnTwice(one.yes), no: turnTwice(one.no) };
    if (one.kind === 'loop') return { ...one, count: 2, body: turnTwice(one.body) };
    if (one.kind === 'try') return { ...one, body: turnTwice(one.body), last: turnTwice(one.last) };
    return one;
  });
}

describe('random programs, judged by an interpreter that counts references', () => {
  it('are reported whenever some run of them loses a reference or puts one twice', () => {
    fc.assert(
      fc.property(program, (statements) => {
        const seen = verdicts(statements);
        if (!seen.has('leak') && !seen.has('misuse')) return;
        const { findings, surrendered } = analysisOf(print(statements));
        if (surrendered.length > 0) return;
        const kinds = findings.map(({ kind }) => kind);
        if (seen.has('leak') && !seen.has('misuse')) expect(kinds).toContain('leak');
        else expect(kinds).not.toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  it('are not reported when every run of them is balanced', () => {
    fc.assert(
      fc.property(program.filter((statements) => !hasAgain(statements)).map(turnTwice), (statements) => {
        if (verdicts(statements).size > 1 || !verdicts(statements).has('fine')) return;
        expect(analysisOf(print(statements)).findings).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});
