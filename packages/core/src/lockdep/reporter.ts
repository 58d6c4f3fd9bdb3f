import { platform } from '../platform.js';
import type { Found } from './findings.js';
import type { FlowKind } from './flow.js';
import { paint, wantsColour } from './paint.js';
import { createReport, LockdepError, type LockdepReport } from './report.js';

/** Who hears of a finding in `mode: 'throw'`. */
export type Fail = (error: LockdepError) => void;

/** Found inside a call of the user's: it throws. */
export const failNow: Fail = (error) => {
  throw error;
};

/** Found when nobody of the user's is on the stack: like any error that nobody catches. */
export const failLate: Fail = (error) => {
  platform.report(error);
};

/** Says each thing once. */
export class Reporter {
  readonly reports: LockdepReport[] = [];
  /** Whether findings are errors. */
  readonly throws: boolean;
  readonly #onReport: ((report: LockdepReport) => void) | undefined;
  readonly #tasks: FlowKind;
  readonly #said = new Set<string>();

  constructor(tasks: FlowKind, throws: boolean, onReport: ((report: LockdepReport) => void) | undefined) {
    this.#tasks = tasks;
    this.throws = throws;
    this.#onReport = onReport;
  }

  /** Reports what the order of locks shows, if anything. */
  order(found: Found | undefined, fail: Fail): void {
    if (found !== undefined) this.emit(found, fail);
  }

  emit({ finding, key }: Found, fail: Fail): void {
    if (this.#said.has(key)) return;
    this.#said.add(key);
    const report = createReport(finding, this.#tasks);
    this.reports.push(report);
    try {
      if (this.#onReport !== undefined) this.#onReport(report);
      else if (!this.throws) platform.warn(`${wantsColour() ? paint(report.text) : report.text}\n`);
    } catch (error) {
      platform.report(error);
    }
    if (this.throws) fail(new LockdepError(report));
  }
}
