import type { Frame } from '../../src/lockdep/frame.js';
import type { Trace } from '../../src/lockdep/trace.js';

function frame(text: string): Frame {
  const [, awaits, name = '', at = ''] = /^(await )?([^:]*):?(.*)$/.exec(text) ?? [];
  const file = name.startsWith('~') ? '/app/node_modules/lib/a.js' : '/app/a.js';
  const shown = { at, name, file, mapped: undefined };
  return name.startsWith('#')
    ? { ...shown, key: 'all', async: true, index: Number(name.slice(1)) }
    : { ...shown, key: name, async: awaits !== undefined, index: undefined };
}

/**
 * A stack, written innermost first: `read:2 < await main:7` is line 2 of `read`, which line 7 of `main` awaits. `#1` is
 * the branch of a `Promise.all`, `~run` a function of a package; what stands left of `|` ran inside of a `new Promise(…)`.
 */
export function stack(text: string): Trace {
  const [inner = '', outer] = text.split(' | ');
  const frames = [inner, outer].flatMap((part) => (part ?? '').split(' < ').filter(Boolean)).map(frame);
  const inExecutor = outer === undefined ? Infinity : inner.split(' < ').length;
  return { frames, inExecutor, top: frames[0] } as unknown as Trace;
}
