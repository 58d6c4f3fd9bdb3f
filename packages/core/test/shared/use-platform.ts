import { platform, type Platform } from '../../src/platform.js';

/** Puts a virtual clock or timers in the place of the real ones; disposing brings those back. */
export function usePlatform(virtual: Partial<Platform>): Disposable {
  const before = { ...platform };
  Object.assign(platform, virtual);
  return {
    [Symbol.dispose]: () => {
      Object.assign(platform, before);
    },
  };
}
