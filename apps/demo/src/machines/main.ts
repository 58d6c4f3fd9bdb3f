#!/usr/bin/env node
/**
 * One picture, three machines, one of which dies: `npm run machines`, or with a server `npm run machines -- --server nats://…`.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { reasonOf, UserError } from '../command/user-error.js';
import { Farm } from './farm.js';
import { JobFolder } from './job-folder.js';
import { BAND_HEIGHT, BANDS, WIDTH } from './picture.js';
import { render } from './render.js';
import { findServer } from './server.js';

const HELP = `usage: npm run machines -- [--server ADDRESS | --memory] [--output FILE]

  --server  nats://, postgres:// or redis://; by default a NATS server on this machine, or none: then in memory
  --memory  no server, whatever runs on this machine
  --output  where the picture goes; machines.png by default`;

async function main(): Promise<number> {
  const { values } = options();
  if (values.help === true) {
    console.log(HELP);
    return 0;
  }
  const server = values.memory ? undefined : (values.server ?? (await findServer()));
  const folder = await mkdtemp(join(tmpdir(), 'dma-fence-machines-'));
  try {
    console.log(
      server === undefined
        ? 'no server: engines meet in memory, in this process (start one with: nats-server -js)'
        : `engines are processes that meet at ${server}`,
    );
    const jobs = new JobFolder(folder);
    await using farm = await Farm.open(server, jobs);
    const { bytes, wrong } = await render(farm, jobs, (line) => {
      console.log(line);
    });
    const file = resolve(values.output);
    await sharp(bytes, { raw: { width: WIDTH, height: BAND_HEIGHT * BANDS, channels: 3 } })
      .png()
      .toFile(file);
    console.log(`${file}: ${wrong === 0 ? 'every byte is right' : `${String(wrong)} bytes are WRONG`}`);
    return wrong === 0 ? 0 : 1;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function options() {
  try {
    return parseArgs({
      options: {
        server: { type: 'string' },
        memory: { type: 'boolean', default: false },
        output: { type: 'string', default: 'machines.png' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UserError(reasonOf(error), { cause: error });
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  process.exitCode = error instanceof UserError ? 2 : 1;
  console.error(`machines: ${reasonOf(error)}`);
}
// Engines of a memory farm that were killed would go on trying for a while.
process.exit();
