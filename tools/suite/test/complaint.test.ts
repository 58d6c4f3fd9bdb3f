import { expect, test } from 'vitest';
import { complaintOf, stoodStill } from '../../../scripts/complaint.js';

test.each([
  ['npm error code ECONNREFUSED\nnpm error connect ECONNREFUSED', 'the registry does not answer'],
  ['npm error code EAI_AGAIN', 'name your proxy'],
  ['npm error code E407\nnpm error 407 Proxy Authentication Required', 'name and password'],
  ["npm error code EROFS\nnpm error EROFS: read-only file system, mkdir '/home/x'", 'cannot be written'],
  ['npm error code ENOSPC', 'no space is left'],
  ['npm error code E404', 'the registry does not have it'],
  [stoodStill(120), 'a HOME that can be written'],
  ['npm error code UNABLE_TO_VERIFY_LEAF_SIGNATURE, CERT', 'certificate'],
  [' ERR_PNPM_OUTDATED_LOCKFILE  Cannot install', 'do not agree'],
])('%j: one line says why, and what to do', (text, cure) => {
  const line = complaintOf('cannot bring pnpm', text);
  expect(line).toContain(cure);
  expect(line).toMatch(/^cannot bring pnpm(?: \([A-Z_\d ]+\))?: [^\n]+$/);
});

test('what nobody thought of is passed on, without the frame of npm', () => {
  const text =
    'npm warn old\nnpm error something else\nnpm error A complete log of this run can be found in: /x\n';
  expect(complaintOf('it failed', text)).toBe('it failed: something else');
});

test('silence is called by its name', () => {
  expect(complaintOf('it failed', '')).toBe('it failed: the command printed nothing');
});
