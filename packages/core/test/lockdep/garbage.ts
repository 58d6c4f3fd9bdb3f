import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { turn } from './support.js';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

/** Runs the collector until `until` says so, or it plainly will not. */
export async function collect(until: () => boolean): Promise<void> {
  for (let round = 0; round < 50 && !until(); round++) {
    gc();
    await turn();
  }
}
