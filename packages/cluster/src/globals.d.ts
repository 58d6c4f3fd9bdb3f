// The few globals that this package uses, declared by hand, so that nothing of Node or the DOM slips in.
// Type checks beside real `lib.dom` or `@types/node` leave this file out.

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

declare class TextEncoder {
  encode(text: string): Uint8Array;
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean });
  decode(bytes: Uint8Array): string;
}

declare function setTimeout(callback: () => void, ms: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare function queueMicrotask(callback: () => void): void;
declare function atob(text: string): string;
declare function btoa(text: string): string;
declare const performance: { now(): number };
declare const crypto: { getRandomValues<T extends ArrayBufferView>(array: T): T };
declare const console: { warn(message: string): void };

// Only the engine on Redis, whose client is Node's, uses it.
interface Buffer extends Uint8Array {
  readonly isBuffer?: true;
}
declare const Buffer: {
  from(text: string, encoding: 'latin1'): Buffer;
  from(buffer: ArrayBufferLike, offset: number, length: number): Buffer;
};
