import { describe, expect, test } from 'vitest';
import { compile } from '../src/compile.ts';
import { run } from '../src/run.ts';
import { type Sample, withClaims } from '../src/sample.ts';

const sample = (code: string): Sample => ({
  name: '',
  file: import.meta.filename,
  line: 10,
  code,
  run: true,
});

describe('claims', () => {
  test('a value behind an expression is a claim', () => {
    expect(withClaims('a.b; // true')).toBe('claim(a.b, true); // true');
  });

  test('a reason may follow the value', () => {
    expect(withClaims('f(); // 1: because')).toBe('claim(f(), 1); // 1: because');
  });

  test('a value behind a declaration is a claim on what it is set to', () => {
    expect(withClaims("const a = f(); // 'x'")).toBe("const a = claim(f(), 'x'); // 'x'");
  });

  test('a value behind console.log is a claim on its argument', () => {
    expect(withClaims('console.log(a); // [1, 2]')).toBe('claim(a, [1, 2]); // [1, 2]');
  });

  test('"prints" behind console.log is a claim on its text', () => {
    expect(withClaims('console.log(a, 1); // prints b 1')).toBe('claimPrinted([a, 1], "b 1"); // prints b 1');
  });

  test('other comments are left alone', () => {
    const code = 'f(); // the interrupt: both are done\nconst a = 1;\n// true\n';
    expect(withClaims(code)).toBe(code);
  });

  test('a claim holds inside a callback as well', () => {
    expect(withClaims('f(() => {\n  g(); // 1\n});')).toBe('f(() => {\n  claim(g(), 1); // 1\n});');
  });
});

describe('a wrong sample is caught', () => {
  test('that does not compile', () => {
    expect(compile([sample('const a = 1;\nconst b: string = a;')])).toEqual([
      [expect.stringMatching(/sample\.test\.ts:11: Type 'number' is not assignable to type 'string'/)],
    ]);
  });

  test('that throws', async () => {
    await expect(run(sample("throw new Error('no')"))).rejects.toThrow('no');
  });

  test('whose comment is not true', async () => {
    await expect(run(sample('[1].length; // 2'))).rejects.toThrow('the comment says 2, but the value is 1');
    await expect(run(sample("console.log('a', 1); // prints a 2"))).rejects.toThrow("the comment says 'a 2'");
  });
});
