import { FenceCallback, type CallbackEntry } from './callback.js';
import { callReporting, type Fence } from './fence.js';

/** Places of the first block of a list, since most lists have two or three callbacks; and of those behind it. */
const FEW = 4;
const MORE = 32;

/** Neighbours in a list. One that is removed leaves a hole; a block of nothing but holes leaves the list. */
export class CallbackBlock {
  readonly entries: (CallbackEntry | undefined)[];
  /** How many places were given out. */
  used = 0;
  /** How many of them are holes; those that have run are none, so that the block that is being run stays where it is. */
  holes = 0;
  previous: CallbackBlock | undefined;
  next: CallbackBlock | undefined = undefined;

  constructor(places: number, previous: CallbackBlock | undefined) {
    this.entries = new Array<CallbackEntry | undefined>(places);
    this.previous = previous;
  }
}

/**
 * The callbacks of a fence that has more than one, first in, first out.
 *
 * Blocks and not one array, since an array that grows is copied, which costs more than all else that adding does. Adding and
 * removing are O(1), and safe in the middle of the dispatch: that walks the blocks after they were detached from their fence,
 * nothing is added any more, and a record that is removed meanwhile is a hole when its turn comes.
 *
 *     first                                          last
 *     [ fn ][ record 1 ][ hole ][ record 3 ]  <->  [ fn ][ fn ][ ]…      record 3: _block = first, _index = 3
 */
export class CallbackList {
  first: CallbackBlock;
  last: CallbackBlock;

  constructor(entry: CallbackEntry) {
    this.first = this.last = new CallbackBlock(FEW, undefined);
    this.add(entry);
  }

  add(entry: CallbackEntry): void {
    let block = this.last;
    if (block.used === block.entries.length) block = extend(this);
    const index = block.used++;
    block.entries[index] = entry;
    if (typeof entry !== 'function') place(entry, block, index);
  }

  /** Takes out a block that has nothing but holes; answers whether the list has nothing else. */
  drop(block: CallbackBlock): boolean {
    const { previous, next } = block;
    // The last one stays, for those to come.
    if (next === undefined) block.used = block.holes = 0;
    else {
      next.previous = previous;
      if (previous === undefined) this.first = next;
      else previous.next = next;
    }
    return this.first.used === this.first.holes;
  }

  /** The fence has signaled, and this list was detached from it. */
  _signaled(fence: Fence): void {
    for (let block: CallbackBlock | undefined = this.first; block !== undefined; block = block.next) {
      const { entries, used } = block;
      for (let index = 0; index < used; index++) {
        const entry = entries[index];
        // A hole is a record that was removed, maybe by a callback before it (see `detach`).
        if (entry !== undefined) callReporting(fence, entry);
      }
    }
  }
}

/** How many callbacks a list has: a function, so that only who counts them has the code. */
export function sizeOf({ first }: CallbackList): number {
  let size = 0;
  for (let block: CallbackBlock | undefined = first; block !== undefined; block = block.next)
    size += block.used - block.holes;
  return size;
}

function extend(list: CallbackList): CallbackBlock {
  const block = new CallbackBlock(MORE, list.last);
  list.last.next = block;
  return (list.last = block);
}

/** Tells a record where it stands, so that it is never looked for; a wait knows: it stands first. */
function place(entry: CallbackEntry, block: CallbackBlock, index: number): void {
  if (!(entry instanceof FenceCallback)) return;
  entry._block = block;
  entry._index = index;
}
