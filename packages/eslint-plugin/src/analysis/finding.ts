import type { Node } from './text/syntax.js';

/** What a reference is a reference to. */
export type Resource = 'fence' | 'section' | 'lock' | 'acquire context';

/** How an exit was left or a reference lost. */
export type Loss =
  'return' | 'throw' | 'end' | 'overwrite' | 'break' | 'continue' | 'call' | 'yield' | 'again' | 'clear';

/** How a reference ceased to be its holder's. */
export type Ending = 'put' | 'moved' | 'using';

/**
 * Everything the analysis can find, by kind. `node` is where it is reported; every other node is the other end,
 * which the message names by its line.
 */
export type Finding =
  | {
      kind: 'leak';
      node: Node;
      resource: Resource;
      name: string;
      lostAt: Node;
      how: Loss;
      isParameter: boolean;
    }
  | { kind: 'floating'; node: Node; resource: Resource; argument: boolean; statementGet: boolean }
  /** A bare `fence.get();`, paired or not. */
  | { kind: 'statement get'; node: Node }
  /** A free section, ended or not. */
  | { kind: 'section begun'; node: Node }
  | { kind: 'double put'; node: Node; name: string; before: Node; ending: Ending }
  | {
      kind: 'use after put';
      node: Node;
      name: string;
      before: Node;
      use: 'use' | 'return' | 'store' | 'wait';
      ending: Ending;
    }
  | { kind: 'put borrowed'; node: Node; name: string; source: Node; origin: string; using: boolean }
  | {
      kind: 'store borrowed';
      node: Node;
      name: string;
      source: Node;
      origin: string;
      how: 'store' | 'argument' | 'closure';
    }
  | { kind: 'double transfer'; node: Node; name: string; before: Node }
  | { kind: 'section order'; node: Node; inner: Node; outer: Node }
  | { kind: 'section suspended'; node: Node; begun: Node; by: 'await' | 'yield' }
  | {
      kind: 'blocking';
      node: Node;
      what: string;
      begun: Node;
      reason: 'block' | 'await' | 'own fence' | 'other fence';
    }
  | { kind: 'allocating'; node: Node; what: string; begun: Node }
  | { kind: 'signal outside'; node: Node; name: string; ended: Node }
  | { kind: 'never signaled'; node: Node; name: string; site: Node; signalsAt: Node; how: Loss }
  | { kind: 'borrow across await'; node: Node; name: string; source: Node; awaited: Node }
  | { kind: 'use after signal'; node: Node; name: string; source: Node; signal: Node }
  | { kind: 'constructor throws'; node: Node; field: string; site: Node };

export type FindingKind = Finding['kind'];

export type FindingOf<K extends FindingKind> = Extract<Finding, { kind: K }>;

/** What is found at a place of the text is one finding, however many paths lead there. */
export function keyOf({ kind, node }: Finding): string {
  return `${kind}@${String(node.range[0])}-${String(node.range[1])}`;
}
