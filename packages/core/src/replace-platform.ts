import { platform, type Platform } from './platform.js';

/** What stands in for parts of the platform, the newest last; what they leave out is the real one's. */
const replacements: Partial<Platform>[] = [];
let real: Platform | undefined;

/**
 * Puts a clock, timers or ears of one's own in the place of the real ones. For tests alone: core never calls it, so that
 * nobody else has it in a bundle.
 *
 * @returns a disposable that takes this replacement out again, wherever it is.
 */
export function replacePlatform(replacement: Partial<Platform>): Disposable {
  real ??= { ...platform };
  replacements.push(replacement);
  Object.assign(platform, replacement);
  return {
    [Symbol.dispose]() {
      const index = replacements.indexOf(replacement);
      if (index < 0) return;
      replacements.splice(index, 1);
      Object.assign(platform, real, ...replacements);
    },
  };
}
