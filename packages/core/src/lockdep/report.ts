import type { Edge } from './graph.js';
import type { FlowKind } from './flow.js';
import type { Trace } from './trace.js';

/**
 * The kinds of reports.
 *
 * - `lock-under-wait`: one place holds a lock during a wait for a fence, and another takes the lock where it signals fences.
 * - `lock-order`: locks, or producers of fences, need each other in a circle. Or a task takes a lock that it already holds.
 * - `self-wait`: inside the own section of a fence, the task waits for that fence.
 * - `in-order`: the work of a fence waits for a later fence of the same context.
 * - `open-section`: a free section was still open when its turn ended. `section-order`: it was ended out of order.
 * - `orphan`: a published fence is pending, and nothing is left that could signal it.
 * - `forbidden`: a wait or a lock where the contract allows none. `slow-callback`: a callback took longer than `slowCallbackMs`.
 *
 * @example Take some kinds less seriously than others
 * ```ts
 * import { lockdep, type LockdepKind } from '@dma-fence/core/lockdep';
 *
 * const style: readonly LockdepKind[] = ['section-order', 'slow-callback'];
 * using checking = lockdep.enable({
 *   onReport(report) {
 *     if (!style.includes(report.kind)) throw new Error(report.text);
 *   },
 * });
 * ```
 */
export type LockdepKind =
  | 'lock-under-wait'
  | 'lock-order'
  | 'self-wait'
  | 'in-order'
  | 'open-section'
  | 'section-order'
  | 'orphan'
  | 'forbidden'
  | 'slow-callback';

/**
 * A place in a report: what happened there, and the stack of the user's code.
 *
 * @example Print where to look
 * ```ts
 * import type { LockdepPlace } from '@dma-fence/core/lockdep';
 *
 * const where = ({ what, stack }: LockdepPlace): string => `${what}: ${stack[0] ?? 'unknown'}`;
 * where({ what: 'the wait', stack: ['render (app.js:7:3)'] }); // 'the wait: render (app.js:7:3)'
 * ```
 */
export interface LockdepPlace {
  /** What happened there. */
  readonly what: string;
  /** The frames of the user's code, innermost first. Empty if no stack was kept. */
  readonly stack: readonly string[];
}

/**
 * A report of the validator, as an object, and as a text for people.
 *
 * @example Collect what was found
 * ```ts
 * import { lockdep, type LockdepReport } from '@dma-fence/core/lockdep';
 *
 * const found: LockdepReport[] = [];
 * using checking = lockdep.enable({ onReport: (report) => void found.push(report) });
 * found.map(({ title, names }) => `${title}: ${names.join(', ')}`);
 * ```
 */
export interface LockdepReport {
  /** The kind of the report. */
  readonly kind: LockdepKind;
  /** The mistake, in one line. */
  readonly title: string;
  /** Every lock and fence of the report. */
  readonly names: readonly string[];
  /** Where to look. For a cycle, two places for each edge. */
  readonly places: readonly LockdepPlace[];
  /** What to change. */
  readonly advice: string;
  /** `sync` if the platform cannot follow tasks through `await`. Then the validator misses much. */
  readonly tasks: FlowKind;
  /** The whole report as a text. */
  readonly text: string;
}

/**
 * In `mode: 'throw'`, the call at fault throws this error, or rejects with it.
 *
 * @example Tell it from other errors
 * ```ts
 * import { LockdepError } from '@dma-fence/core/lockdep';
 *
 * const titleOf = (error: unknown): string | undefined =>
 *   error instanceof LockdepError ? error.report.title : undefined;
 * titleOf(new Error('something else')); // undefined
 * ```
 */
export class LockdepError extends Error {
  /** `LockdepError`. */
  override readonly name = 'LockdepError';
  /** The report. */
  readonly report: LockdepReport;

  /** Created by the validator. Its message is the text of the report, with the title in one line, so that tests can match it. */
  constructor(report: LockdepReport) {
    const { text, title } = report;
    super(`lockdep: ${title}${text.slice(text.indexOf('\n\n'))}`);
    this.report = report;
  }
}

/** What a finding consists of before it is put into words and lines. */
export interface Finding {
  readonly kind: LockdepKind;
  readonly title: string;
  readonly names: readonly string[];
  readonly places: readonly LockdepPlace[];
  readonly advice: string;
  /** The cycle, drawn. */
  readonly drawing?: readonly string[];
}

const NO_STACK = 'a place of which no stack was kept (stacks: true keeps them)';

/** A place from what is known of it. */
export function place(what: string, trace: Trace | undefined): LockdepPlace {
  return { what, stack: trace?.lines ?? [] };
}

/** The narrowest terminal that is still common: what is read as prose fits into it. Stacks are left whole, to be clicked on. */
const COLUMNS = 80;

/** A paragraph in lines that fit a terminal, the first and the others each behind an indent of their own. */
function wrap(text: string, indent: string, hanging: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line === '') line = indent + word;
    else if (line.length + 1 + word.length <= COLUMNS) line += ` ${word}`;
    else {
      lines.push(line);
      line = hanging + word;
    }
  }
  return [...lines, line];
}

/** Puts a finding into its final form. */
export function createReport(finding: Finding, tasks: FlowKind): LockdepReport {
  const { kind, title, names, places, advice, drawing } = finding;
  const lines = [...wrap(`lockdep: ${title}`, '', '  '), ''];
  if (drawing !== undefined) lines.push(...drawing.map((line) => `    ${line}`), '');
  for (const { what, stack } of places) {
    const [, numbered = '', said = ''] = /^(\(\d+\) | *)(.*)$/.exec(what) ?? [];
    lines.push(...wrap(said, `  ${numbered}`, ' '.repeat(4 + numbered.length)));
    for (const frame of stack.length === 0 ? [NO_STACK] : stack) lines.push(`        at ${frame}`);
  }
  lines.push('', ...wrap(`What to change: ${advice}`, '  ', '    '));
  if (tasks === 'sync') {
    lines.push(
      ...wrap(
        'Note: this platform cannot follow tasks through await; only what happens in one turn is seen as one task.',
        '  ',
        '    ',
      ),
    );
  }
  return { kind, title, names: [...new Set(names)], places, advice, tasks, text: lines.join('\n') };
}

const quote = (name: string): string => JSON.stringify(name);

/** A cycle as text:  ┌─▶ each class, what it needs, down to where the last one needs the first. */
export function drawCycle(cycle: readonly Edge[]): string[] {
  const lines: string[] = [];
  cycle.forEach((edge, index) => {
    lines.push(`${index === 0 ? '┌─▶' : '│  '} ${holder(edge)}`);
    lines.push(`│     │ ${needs(edge)} (${String(index + 1)})`);
    if (index < cycle.length - 1) lines.push('│     ▼');
  });
  lines.push('└─────┘');
  return lines;
}

/** What was learnt of one fence holds for all of its class. */
function holder({ from, held }: Edge): string {
  if (from.kind === 'lock') return `lock ${quote(held)}`;
  return held === from.name ? held : `a fence, here ${held}`;
}

function needs({ from, to, needed, under }: Edge): string {
  if (from.kind === 'lock') {
    return to.kind === 'fence'
      ? `is held while fence ${needed} is waited for`
      : `is held while lock ${quote(needed)} is taken`;
  }
  if (to.kind === 'fence') return `is signaled after a wait for fence ${needed}`;
  return `is signaled ${under === 'held' ? 'by code that holds' : 'by code that takes'} lock ${quote(needed)}`;
}

/** The two places of each edge of a cycle. */
export function placesOf(cycle: readonly Edge[]): LockdepPlace[] {
  return cycle.flatMap((edge, index) => {
    const { from, to, held, needed, task } = edge;
    const where = edge.elsewhere === true ? ' in another thread' : '';
    const by = (task === undefined ? '' : ` by task ${quote(task)}`) + where;
    if (edge.under !== undefined) {
      return [
        place(`(${String(index + 1)}) lock ${quote(needed)} was taken${by}`, edge.heldAt),
        place(
          `    and fence ${held} was signaled ${edge.under === 'held' ? 'while it was held' : 'after that'}`,
          edge.neededAt,
        ),
      ];
    }
    const began =
      from.kind === 'lock'
        ? `lock ${quote(held)} was taken${by}`
        : held === from.name
          ? 'a free signalling section began'
          : `the signalling section of ${held} began`;
    const then =
      to.kind === 'lock' ? `lock ${quote(needed)} was asked for` : `fence ${needed} was waited for`;
    const within = from.kind === 'lock' ? 'while it was held' : 'inside it';
    return [
      place(`(${String(index + 1)}) ${began}`, edge.heldAt),
      place(`    and ${then} ${within}`, edge.neededAt),
    ];
  });
}
