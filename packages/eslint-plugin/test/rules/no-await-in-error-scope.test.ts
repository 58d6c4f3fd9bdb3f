import { describe, expect, it } from 'vitest';
import { lint } from '../support/lint.js';
import { ruleTester } from '../support/rule-tester.js';

const head = `interface GPUDevice { pushErrorScope(filter: string): void; popErrorScope(): Promise<Error | null>; lost: Promise<void>; }
declare const device: GPUDevice;
declare const other: GPUDevice;
declare const isChecked: boolean;
declare function work(): Promise<void>;
`;

const valid = {
  'pushed, popped, then awaited': `async function f() { device.pushErrorScope('validation'); const error = device.popErrorScope(); await work(); return await error; }`,
  'the pop itself is awaited': `async function f() { device.pushErrorScope('validation'); await device.popErrorScope(); await work(); }`,
  'two scopes, innermost first': `async function f() { device.pushErrorScope('validation'); device.pushErrorScope('internal'); const all = [device.popErrorScope(), device.popErrorScope()]; await Promise.all(all); }`,
  'the pop of another name of the device': `async function f() { device.pushErrorScope('validation'); const same = device; const error = same.popErrorScope(); await error; }`,
  'only when something is checked': `async function f() { if (isChecked) device.pushErrorScope('validation'); if (isChecked) device.popErrorScope(); await work(); }`,
  'a way out of its own': `async function f() { if (isChecked) { device.pushErrorScope('validation'); return device.popErrorScope(); } await work(); }`,
  'a branch that leaves with the scope': `async function f() { if (isChecked) { device.pushErrorScope('validation'); return; } await work(); }`,
  'a function that is only made inside': `async function f() { device.pushErrorScope('validation'); const late = async () => { await work(); }; void device.popErrorScope(); await late(); }`,
  'popped in a finally': `async function f() { device.pushErrorScope('validation'); try { void work(); } finally { void device.popErrorScope(); } await work(); }`,
  "a wrapper's own method": `class Guarded { pushErrorScope() {} popErrorScope() {} } async function f(guarded: Guarded) { guarded.pushErrorScope(); await work(); guarded.popErrorScope(); }`,
  'popped in a loop that may not run': `async function f() { device.pushErrorScope('validation'); while (isChecked) { void device.popErrorScope(); break; } await work(); }`,
  'closed by one of the cases': `async function f(n: number) { device.pushErrorScope('validation'); switch (n) { case 1: void device.popErrorScope(); } await work(); }`,
};

const invalid: Record<string, [code: string, ...lines: number[]]> = {
  'an await between': [
    `async function f() {
  device.pushErrorScope('validation');
  await work();
  await device.popErrorScope();
}`,
    8,
  ],
  'every await between': [
    `async function f() {
  device.pushErrorScope('validation');
  await work();
  await work();
  void device.popErrorScope();
}`,
    8,
    9,
  ],
  'the outer one of two is still open': [
    `async function f() {
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  await device.popErrorScope();
  await device.popErrorScope();
}`,
    9,
  ],
  'in a try whose finally pops': [
    `async function f() {
  device.pushErrorScope('validation');
  try {
    await work();
  } finally {
    void device.popErrorScope();
  }
}`,
    9,
  ],
  'in a branch, a loop, an expression': [
    `const f = async (list: number[]) => {
  device.pushErrorScope('validation');
  if (isChecked) await work();
  for await (const one of list) void one;
  const both = isChecked && (await work());
  void device.popErrorScope();
  return both;
};`,
    8,
    9,
    10,
  ],
  'at the top of a module': [
    `device.pushErrorScope('validation');
await work();
void device.popErrorScope();`,
    7,
  ],
};

ruleTester('no-await-in-error-scope', {
  valid: Object.entries(valid).map(([name, code]) => ({ name, code: `${head}${code}\n` })),
  invalid: Object.entries(invalid).map(([name, [code, ...lines]]) => ({
    name,
    code: `${head}${code}\n`,
    errors: lines.map((line) => ({ line, messageId: 'suspended' })),
  })),
});

describe('without types', () => {
  it('a scope is known by the names of its methods', () => {
    const code = `export async function f(device) {\n  device.pushErrorScope('validation');\n  await device.lost;\n  device.popErrorScope();\n}\n`;
    expect(lint(code, { config: 'oxlint', typed: false })).toMatchObject([
      {
        line: 3,
        rule: 'no-await-in-error-scope',
        message:
          'The error scope pushed on line 2 is still open here: other tasks run meanwhile, and their errors land in this scope. Call popErrorScope() before, and await its promise.',
      },
    ]);
  });
});
