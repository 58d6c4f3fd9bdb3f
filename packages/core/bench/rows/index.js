import { checks } from './checks.js';
import { create } from './create.js';
import { fanOut } from './fan-out.js';
import { containers } from './family.js';
import { memory } from './memory.js';
import { wait } from './wait.js';

/** The cost table, in its order. */
export const rows = [...create, ...fanOut, ...wait, ...containers, ...memory, ...checks];
