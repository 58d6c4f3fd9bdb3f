import type { Fence } from '../fence/fence.js';
import { label } from '../fence/names.js';

/**
 * Who waits, for error messages: a function of ours, the fence whose `wait()` it is, or what is called, and by which name. A name
 * costs more than a wait, so it is put together when it is needed.
 */
export type Who = string | Fence | readonly [owner: { readonly name: string }, call: string];

/** How error messages begin. */
export function nameOfWho(who: Who): string {
  if (typeof who === 'string') return who;
  return 'context' in who ? `${label(who)}: wait()` : `${who[0].name}: ${who[1]}`;
}
