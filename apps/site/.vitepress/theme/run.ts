/** The two ends of a run in the playground: what the page sends, and what comes back. */
export type FromRun =
  | { readonly kind: 'print'; readonly level: 'log' | 'warn' | 'error'; readonly text: string }
  | {
      readonly kind: 'fence';
      readonly id: number;
      readonly name: string;
      readonly lane: string;
      readonly at: number;
    }
  | {
      readonly kind: 'signaled';
      readonly id: number;
      readonly at: number;
      readonly error: string | undefined;
    }
  | { readonly kind: 'wait'; readonly id: number; readonly fence: number; readonly at: number }
  | { readonly kind: 'waited'; readonly id: number; readonly at: number; readonly outcome: string }
  | { readonly kind: 'done'; readonly at: number };
