import { expect, test } from 'vitest';
import { KINDS } from '../servers/engines.js';
import { check } from './history.js';

/** `FAILOVERS=10 VALUES=1000 ENGINE=nats pnpm stress` for a short one. */
const failovers = Number(process.env['FAILOVERS'] ?? 100);
const values = Number(process.env['VALUES'] ?? 100_000);
const only = process.env['ENGINE'];

for (const kind of KINDS) {
  test.skipIf(!kind.installed || (only !== undefined && only !== kind.name))(
    `the history on ${kind.name}`,
    async () => {
      const history = await check(kind, { failovers, values });
      console.log(JSON.stringify(history));
      expect(history).toMatchObject({ falseSuccesses: 0, hanging: 0 });
      // A server of Redis that is killed with the owner may take back what it has told: `promise` is `primary`.
      if (kind.name !== 'redis') expect(history).toMatchObject({ differing: 0, lost: 0 });
    },
  );
}
