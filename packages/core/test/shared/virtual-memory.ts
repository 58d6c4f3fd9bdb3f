import { createBlock, openBlock, VALUE } from '../../src/shared/block.js';
import { ErrorRing } from '../../src/shared/error-ring.js';
import type { ErrorText } from '../../src/shared/error-text.js';
import { ErrorTexts } from '../../src/shared/error-texts.js';
import type { Memory } from '../../src/shared/memory.js';
import { Progress } from '../../src/shared/progress.js';
import type { Cells } from '../explorer/virtual-thread.js';

/** The block of a timeline, on the explorer's cells. */
export class VirtualMemory implements Memory {
  readonly cells: Cells;

  constructor(cells: Cells) {
    this.cells = cells;
  }

  load(index: number): number {
    return this.cells.load(index);
  }

  /** As new as a load: what an older one may do is what a thread does that was interrupted after it. */
  peek(index: number): number {
    return this.cells.load(index);
  }

  store(index: number, value: number): void {
    this.cells.store(index, value);
  }

  compareExchange(index: number, expected: number, replacement: number): number {
    return this.cells.compareExchange(index, expected, replacement);
  }

  notify(): void {
    this.cells.notify(VALUE);
  }

  wait(expected: number, timeoutMs: number): void {
    this.cells.wait(VALUE, expected, timeoutMs);
  }

  now(): number {
    return this.cells.now();
  }

  waitAsync(expected: number, wake: () => void): boolean {
    return this.cells.waitAsync(VALUE, expected, wake);
  }
}

/** How the block of a scenario is laid out: small, as every cell of it is part of every state. */
export interface Layout {
  readonly errorSlots?: number;
  /** Bytes of text; the texts of scenarios are numbers. */
  readonly errorTextBytes?: number;
  readonly skippedFail?: boolean;
}

function blockOf(
  { errorSlots = 4, errorTextBytes = 0, skippedFail = false }: Layout,
  value = 0,
): SharedArrayBuffer {
  return createBlock({ errorSlots, errorTextBytes, skippedFail }, value);
}

/** What a fresh block holds. */
export function freshBlock(layout: Layout = {}, value = 0): number[] {
  return [...new Int32Array(blockOf(layout, value))];
}

/** A thread's view of the block in those cells. */
export interface View {
  readonly memory: Memory;
  readonly errors: ErrorRing;
  readonly progress: Progress;
}

export function view(memory: Memory, layout: Layout = {}): View {
  const block = openBlock('test', blockOf(layout));
  const errors = new ErrorRing(memory, block.errorSlots, new ErrorTexts(memory, block));
  return { memory, errors, progress: new Progress(memory, errors, block.skippedFail) };
}

/** A text of one word. */
export const say = (word: number): ErrorText => Int32Array.of(word);

/** What a thread finds about a value, having looked: pending, fine, or the errno. */
export function resultOf({ progress, errors }: View, value: number): 'pending' | 'ok' | number {
  if (progress.look() && value > progress.value) return progress.cancelErrno();
  if (value > progress.value) return 'pending';
  const { errno } = errors.resultOf(value);
  return errno === 0 ? 'ok' : errno;
}
