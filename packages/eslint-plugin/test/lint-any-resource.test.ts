import { readFileSync } from 'node:fs';
import type { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import plugin from '@dma-fence/eslint-plugin';
import { resourceProblem } from '../src/types/resource-row.js';
import { lint, places } from './support/lint.js';

const page = readFileSync(new URL('../../../docs/lint-any-resource.md', import.meta.url), 'utf8');

/** The list that a configuration of the page exports. */
function configurations(): Linter.Config[][] {
  const blocks = [...page.matchAll(/```js\n\/\/ eslint\.config\.js\n(?<code>[\s\S]*?)```/g)];
  return blocks.map(({ groups }) => {
    const body = (groups?.['code'] ?? '')
      .replaceAll(/^import .*\n/gm, '')
      .replace('export default', 'return');
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the page's own text, run as a user's ESLint runs it
    const run = new Function('dmaFence', 'tseslint', body) as (...args: unknown[]) => Linter.Config[];
    return run(plugin, { configs: { base: {} } });
  });
}

const settingsOf = (list: readonly Linter.Config[]): Record<string, unknown> =>
  Object.assign({}, ...list.map((one) => one.settings ?? {})) as Record<string, unknown>;

describe('the page Lint any resource', () => {
  it('has a set-up for WebCodecs that reports what the page says, in ten lines', () => {
    const [webcodecs = []] = configurations();
    const sample = /```js\n\/\/ reported on line (?<line>\d+).*\n(?<code>[\s\S]*?)```/.exec(page)?.groups;
    const code = `export function show(canvas: HTMLCanvasElement, encoder: VideoEncoder, timestamp: number) {\n${sample?.['code'] ?? ''}}\n`;
    expect(webcodecs).toContain(plugin.configs.resources);
    expect(places(lint(code, { config: 'resources', settings: settingsOf(webcodecs) }))).toEqual([
      `${sample?.['line'] ?? ''} no-leak`,
    ]);
  });

  it('has a set-up for Disposable that finds a lost one and knows using', () => {
    const [, disposable = []] = configurations();
    const code = [
      'export class Lease { [Symbol.dispose](): void { this.#open = false; } #open = true; use(): boolean { return this.#open; } }',
      'export function lost(): boolean { const lease = new Lease(); return lease.use(); }',
      'export function kept(): boolean { using lease = new Lease(); return lease.use(); }',
    ].join('\n');
    expect(places(lint(code, { config: 'resources', settings: settingsOf(disposable) }))).toEqual([
      '2 no-leak',
    ]);
  });

  it('has set-ups of at most ten lines whose settings are right', () => {
    const blocks = [...page.matchAll(/```js\n\/\/ eslint\.config\.js\n(?<code>[\s\S]*?)\n```/g)];
    expect(blocks).toHaveLength(2);
    for (const { groups } of blocks)
      expect((groups?.['code'] ?? '').split('\n').length).toBeLessThanOrEqual(10);
    for (const list of configurations())
      expect(resourceProblem(settingsOf(list)['dma-fence'])).toBeUndefined();
  });

  it('names every preset and every key of a row', () => {
    for (const preset of Object.keys(plugin.resources)) expect(page).toContain(`\`${preset}\``);
    for (const key of [
      'name',
      'from',
      'release',
      'share',
      'idempotentRelease',
      'awaitRelease',
      'usableAfterRelease',
    ])
      expect(page).toContain(`\`${key}\``);
    for (const key of ['takes', 'gives', 'lends', 'arenas']) expect(page).toContain(`\`${key}: [`);
  });

  it('shows a row that is right', () => {
    const text = /const lease = (?<row>\{.*\});/.exec(page)?.groups?.['row'] ?? '';
    // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the page's own text
    const row: unknown = (new Function(`return ${text};`) as () => unknown)();
    expect(resourceProblem({ resources: [row] })).toBeUndefined();
  });
});
