import { RuleTester, type Rule } from 'eslint';
import { describe, it } from 'vitest';
import plugin from '@dma-fence/eslint-plugin';
import { configFor, fixtureFile } from './lint.js';

RuleTester.describe = describe;
RuleTester.it = it;

type Cases = Parameters<RuleTester['run']>[2];

/** A rule against valid and invalid code, with types; every message, suggestion and output is compared. */
export function ruleTester(name: string, { valid, invalid }: Cases): void {
  const [{ languageOptions = {} } = {}] = configFor();
  const tester = new RuleTester({ languageOptions });
  const filename = fixtureFile;
  tester.run(name, plugin.rules[name] as unknown as Rule.RuleModule, {
    valid: valid.map((one) => (typeof one === 'string' ? { code: one, filename } : { ...one, filename })),
    invalid: invalid.map((one) => ({ ...one, filename })),
  });
}
