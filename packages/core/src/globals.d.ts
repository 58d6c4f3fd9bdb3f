// The few globals that core uses, declared by hand: the library build has neither DOM nor Node types,
// so that nothing else can slip in. Type checks beside real `lib.dom` or `@types/node` leave this file out.

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

declare function setTimeout(callback: () => void, ms: number): unknown;
declare function clearTimeout(timer: unknown): void;
declare function queueMicrotask(callback: () => void): void;
declare const performance: { now(): number };
declare const console: { warn(message: string): void };
declare const crypto: { getRandomValues<T extends ArrayBufferView>(array: T): T };

declare class TextEncoder {
  encode(text: string): Uint8Array;
  encodeInto(text: string, into: Uint8Array): { read: number; written: number };
}
declare class TextDecoder {
  decode(bytes: Uint8Array): string;
}

interface ImportMeta {
  readonly url: string;
}

declare class TransformStream<I, O> {
  constructor(transformer: { transform(chunk: I, controller: { enqueue(chunk: O): void }): void });
}
