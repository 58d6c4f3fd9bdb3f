import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import { configFor, lint } from './support/lint.js';

const root = new URL('corpus/', import.meta.url);
const good = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.bad.ts'))
  .sort();
const bad = readdirSync(root, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.bad.ts'))
  .sort();

function read(name: string): string {
  return readFileSync(new URL(name, root), 'utf8');
}

const withoutStyle = { rules: { 'dma-fence/prefer-using': 'off' } } as const;

/** Every version of a text that lacks one statement `name.put();`. */
function withoutOnePut(code: string): string[] {
  const lines = code.split('\n');
  return lines.flatMap((line, index) =>
    /^\s*\w+\??\.put\(\);$/.test(line) ? [lines.filter((_, other) => other !== index).join('\n')] : [],
  );
}

/** What these give away lies beyond one function, in closures that run later, in fields and in collections. */
const beyondOneFunction = new Set([
  'balanced-signalling/signal-section.repaired.ts',
  'no-double-put/put-in-then.repaired.ts',
  'no-double-transfer/state-machine.repaired.ts',
  'no-double-transfer/worker-pool.repaired.ts',
  'no-fence-leak/array-of-slots.repaired.ts',
  'no-fence-leak/async-closure-forgets.repaired.ts',
  'no-fence-leak/double-buffer.repaired.ts',
  'no-fence-leak/drm-sched-add-dependency-same-context.repaired.ts',
  'no-fence-leak/generator-leaves.repaired.ts',
  'no-fence-leak/map-upsert.repaired.ts',
  'no-fence-leak/reduce-and-map.repaired.ts',
  'no-fence-leak/video-decoder.repaired.ts',
  'no-put-borrowed/iterator-helper.repaired.ts',
  'no-use-after-put/nouveau-bo-fence-stale-after-replace.repaired.ts',
  'places/entries-array.ts',
  'places/find-index.ts',
  'places/generator-drain.ts',
  'places/module-current.repaired.ts',
  'places/priv-ts.repaired.ts',
  'places/reverse-for.ts',
  'places/swap-remove.ts',
  'places/then-twice.repaired.ts',
  'places/two-maps.repaired.ts',
  'programs/all-settled.repaired.ts',
  'programs/worker-messages.repaired.ts',
  'require-get-on-store/closure-per-item.repaired.ts',
  'require-get-on-store/mixin-factory.repaired.ts',
  'require-get-on-store/retire-list.repaired.ts',
  'require-signal/queue-is-banned.repaired.ts',
  'valid/two-phase-commit.ts',
  'valid/abstract-resource.ts',
  'valid/async-stack.ts',
  'valid/before-each.ts',
  'valid/callback-both-ways.ts',
  'valid/cleanup-index.ts',
  'valid/cleared-collections.ts',
  'valid/consumed-in-callback.ts',
  'valid/copy-on-write-list.ts',
  'valid/cursor-advance.ts',
  'valid/destructured-parameters.ts',
  'valid/discriminated-result.ts',
  'valid/error-code-result.ts',
  'valid/event-emitter.ts',
  'valid/fields-that-change-hands.ts',
  'valid/filter-inplace.ts',
  'valid/find-then-get.ts',
  'valid/generator-pull.ts',
  'valid/guard-function-narrow.ts',
  'valid/http-cache-get-put.ts',
  'valid/iterators-give-out.ts',
  'valid/lent-is-stored.ts',
  'valid/local-map-flat.ts',
  'valid/local-pop-destructured.ts',
  'valid/names-in-lists.ts',
  'valid/own-section-fence.ts',
  'valid/ping-pong.ts',
  'valid/promises-of-fences.ts',
  'valid/put-in-loop-head.ts',
  'valid/record-of-fences-values.ts',
  'valid/record-of-fences.ts',
  'valid/reexport-own-types.ts',
  'valid/refcounted-object.ts',
  'valid/remove-callback-local.ts',
  'valid/removed-arr-splice.ts',
  'valid/ring-buffer-slots.ts',
  'valid/rx-like-subscribe.ts',
  'valid/section-array.ts',
  'valid/swap-remove.ts',
  'valid/symbol-keyed.ts',
  'valid/test-helper-scope.ts',
  'valid/test-loop-each.ts',
  'valid/then-returns-owned.ts',
  'valid/then-two-arms.ts',
  'valid/timeline-dispose.ts',
  'valid/tri-state-result.ts',
  'valid/weakmap-of-owned.ts',
]);

/** What these put is theirs only when a call throws. */
const onlyWhenThrown = new Set(['valid/null-after-move.ts', 'valid/success-flag-finally.ts']);
const everyThrow = {
  rules: { ...withoutStyle.rules, 'dma-fence/no-fence-leak': ['error', { throwPaths: 'all' }] },
} as const;

describe('good code with one put taken out', () => {
  it.each(good.filter((name) => !beyondOneFunction.has(name) && withoutOnePut(read(name)).length > 0))(
    '%s is reported, whichever it was',
    (name) => {
      const options = onlyWhenThrown.has(name) ? everyThrow : withoutStyle;
      for (const code of withoutOnePut(read(name))) expect(lint(code, options), code).not.toEqual([]);
    },
  );
});

describe('a text that was repaired by the plugin', () => {
  const fast = { config: 'oxlint', typed: false } as const;

  it('needs no second repair, and has no mistake that it had not before', () => {
    const linter = new Linter({
      configType: 'flat',
      cwd: fileURLToPath(new URL('fixtures/', import.meta.url)),
    });
    const file = fileURLToPath(new URL('fixtures/file.ts', import.meta.url));
    const config = configFor({ ...fast, rules: { 'dma-fence/prefer-using': 'error' } });
    let repaired = 0;
    for (const name of good) {
      const code = read(name);
      const { output } = linter.verifyAndFix(code, config, file);
      if (output === code) continue;
      repaired += 1;
      expect(linter.verifyAndFix(output, config, file).output, name).toBe(output);
      expect(lint(output, fast), output).toEqual([]);
    }
    expect(repaired).toBeGreaterThan(0);
  });

  it('has no more reports of a rule after one of its suggestions than before', () => {
    let applied = 0;
    for (const name of bad) {
      const code = read(name);
      const reports = lint(code, fast);
      for (const { rule, suggestions } of reports) {
        const before = reports.filter((one) => one.rule === rule).length;
        for (const text of suggestions) {
          applied += 1;
          const after = lint(text, fast);
          expect(
            after.filter((one) => one.rule === 'fatal'),
            text,
          ).toEqual([]);
          expect(after.filter((one) => one.rule === rule).length, text).toBeLessThanOrEqual(before);
        }
      }
    }
    expect(applied).toBeGreaterThan(20);
  });
});
