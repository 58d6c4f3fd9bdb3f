import type { DmaFence } from '../fence/dma-fence.js';
import type { SignallingSection } from '../signalling.js';
import type { ForeignCode } from '../validator.js';
import type { Trace } from './trace.js';

/** A free section that is open. */
export interface OpenSection {
  readonly section: SignallingSection;
  readonly began: Trace | undefined;
}

/** Foreign code that core is inside of. */
export interface OpenCall {
  readonly section: undefined;
  readonly fence: DmaFence;
  readonly what: ForeignCode;
}

/** What the running turn is inside of, outermost first: free sections and foreign code that core called. */
export class Brackets {
  #open: (OpenSection | OpenCall)[] = [];

  /** The innermost. */
  get innermost(): OpenSection | OpenCall | undefined {
    return this.#open.at(-1);
  }

  /** The innermost foreign code. */
  get call(): OpenCall | undefined {
    return this.#open.findLast((bracket) => bracket.section === undefined);
  }

  push(bracket: OpenSection | OpenCall): void {
    this.#open.push(bracket);
  }

  /** Leaves foreign code; free sections that it left open stay, the end of the turn finds them. */
  leave(): void {
    if (this.#open.at(-1)?.section === undefined) this.#open.pop();
    else
      this.#open.splice(
        this.#open.findLastIndex(({ section }) => section === undefined),
        1,
      );
  }

  /** Takes a section out; answers it, and the one that was begun inside it and is still open. */
  end(section: SignallingSection): { ended: OpenSection; inner: OpenSection | undefined } | undefined {
    const index = this.#open.findLastIndex((bracket) => bracket.section === section);
    if (index < 0) return undefined;
    const inner = this.#open.slice(index + 1).find((bracket) => bracket.section !== undefined);
    const [ended] = this.#open.splice(index, 1) as [OpenSection];
    return { ended, inner };
  }

  /** Runs work that is inside of nothing. */
  aside<R>(work: () => R): R {
    const outside = this.#open;
    this.#open = [];
    try {
      return work();
    } finally {
      this.#open = outside;
    }
  }

  /** Takes out everything: the turn is over. Answers the sections. */
  clear(): OpenSection[] {
    if (this.#open.length === 0) return [];
    const sections = this.#open.filter((bracket) => bracket.section !== undefined);
    this.#open = [];
    return sections;
  }
}
