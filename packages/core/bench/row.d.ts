/** Does `size` pieces of work; one that is asynchronous is over when its promise is. */
export type Batch = () => void | Promise<void>;

/** Makes `size` pieces and returns what keeps them alive. */
export type Retained = (size: number) => unknown;

/** One line of the cost table. */
export interface Row {
  readonly name: string;
  readonly unit: 'ns' | 'bytes';
  /** Pieces a batch. */
  readonly size: number;
  /** What is measured; ratios are to the first. For time, makes the batch; for memory, makes what is kept. */
  readonly variants: Readonly<Record<string, (() => Batch | Promise<Batch>) | Retained>>;
  /** What the variant `fence` may cost at most and should: a ratio to the first variant, or bytes where it says so. */
  readonly must?: number;
  readonly aim?: number;
  readonly absolute?: boolean;
}
