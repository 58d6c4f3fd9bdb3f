import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineConformance } from '@dma-fence/cluster/testing';
import { KINDS } from './engines.js';
import type { Server } from './programs.js';

/** `.ci/run` installs what it can and names it here: then it may not be missing. */
const REQUIRED = (process.env['CLUSTER_SERVERS'] ?? '').split(' ');

describe.each(KINDS)('the engine on $name', ({ name, installed, start, engine }) => {
  test.runIf(REQUIRED.includes(name))('has its server installed', () => {
    expect(installed).toBe(true);
  });

  describe.skipIf(!installed)(installed ? 'conforms' : `SKIPPED: no ${name} server is installed`, () => {
    let server: Server | undefined;
    beforeAll(async () => {
      server = await start();
    });
    afterAll(async () => {
      await server?.[Symbol.asyncDispose]();
    });

    test.each(engineConformance)('$name', async ({ run }) => {
      await run({ engine: () => engine((server as Server).port) });
    });
  });
});
