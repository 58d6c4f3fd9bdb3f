// The few globals that this package uses, declared by hand, so that nothing of Node or the DOM slips in.
// Type checks beside real `lib.dom` or `@types/node` leave this file out.

declare function setTimeout(callback: () => void, ms: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare const performance: { now(): number; readonly timeOrigin: number };
