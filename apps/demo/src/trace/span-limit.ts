import type { Context } from '@opentelemetry/api';
import { SamplingDecision, type Sampler, type SamplingResult } from '@opentelemetry/sdk-trace';

/** Keeps traces to a size that a viewer shows: of each the first spans are recorded, and no more. */
export class SpanLimit implements Sampler {
  readonly #most: number;
  readonly #counts = new Map<string, number>();
  #reached = false;

  /** @param most - spans of a trace */
  constructor(most: number) {
    this.#most = most;
  }

  /** Whether there was a span too many. */
  get reached(): boolean {
    return this.#reached;
  }

  shouldSample(_parent: Context, traceId: string): SamplingResult {
    const count = this.#counts.get(traceId) ?? 0;
    if (count >= this.#most) {
      this.#reached = true;
      return { decision: SamplingDecision.NOT_RECORD };
    }
    this.#counts.set(traceId, count + 1);
    return { decision: SamplingDecision.RECORD_AND_SAMPLED };
  }

  toString(): string {
    return `SpanLimit{${String(this.#most)}}`;
  }
}
