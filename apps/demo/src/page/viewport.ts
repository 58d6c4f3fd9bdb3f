/** The part of the recording that is on the screen, and how far the lanes are scrolled. */
export class Viewport {
  readonly #durationMs: number;
  /** Time at the left edge, and milliseconds across the whole width. */
  #from = 0;
  #span: number;
  #scroll = 0;
  /** Where bars may be drawn, in CSS pixels. */
  left = 0;
  width = 1;
  height = 1;
  contentHeight = 1;

  constructor(durationMs: number) {
    this.#durationMs = durationMs;
    this.#span = durationMs;
  }

  get from(): number {
    return this.#from;
  }

  get to(): number {
    return this.#from + this.#span;
  }

  get span(): number {
    return this.#span;
  }

  get scroll(): number {
    return this.#scroll;
  }

  /** Pixels a millisecond. */
  get scale(): number {
    return this.width / this.#span;
  }

  /** The place of a time on the screen. */
  xOf(time: number): number {
    return this.left + (time - this.#from) * this.scale;
  }

  /** The time at a place on the screen. */
  timeAt(x: number): number {
    return this.#from + (x - this.left) / this.scale;
  }

  /** Sets the screen's measures; the same time stays at the left. */
  resize(left: number, width: number, height: number, contentHeight: number): void {
    this.left = left;
    this.width = Math.max(1, width);
    this.height = height;
    this.contentHeight = contentHeight;
    this.scrollBy(0);
  }

  /** Makes everything `factor` times as wide; what is at `x` stays there. */
  zoom(factor: number, x: number = this.left + this.width / 2): void {
    const time = this.timeAt(x);
    // A margin of a twentieth on either side; not closer than a microsecond across.
    const span = Math.min(this.#durationMs * 1.1, Math.max(0.001, this.#span / factor));
    this.#show(time - ((x - this.left) / this.width) * span, span);
  }

  /** Moves by so many pixels to the right in time. */
  pan(pixels: number): void {
    this.#show(this.#from + pixels / this.scale, this.#span);
  }

  /** Moves by so many pixels down the lanes. */
  scrollBy(pixels: number): void {
    const most = Math.max(0, this.contentHeight - this.height);
    this.#scroll = Math.max(0, Math.min(most, this.#scroll + pixels));
  }

  /** Shows the whole recording. */
  fit(): void {
    this.#show(0, this.#durationMs);
    this.#scroll = 0;
  }

  /** Brings a stretch of time into view, zooming in only if it would be too small to be seen, out if it does not fit. */
  reveal(start: number, end: number): void {
    const length = end - start;
    const visible = start >= this.#from && end <= this.to;
    if (visible && length * this.scale >= 6) return;
    const span = length > this.#span || length * this.scale < 6 ? Math.max(length * 6, 0.001) : this.#span;
    this.#show((start + end) / 2 - span / 2, Math.min(span, this.#durationMs * 1.1));
  }

  /** Brings a stretch of the lanes into view. */
  revealRows(top: number, bottom: number): void {
    if (top < this.#scroll) this.scrollBy(top - this.#scroll);
    else if (bottom > this.#scroll + this.height) this.scrollBy(bottom - this.#scroll - this.height);
  }

  #show(from: number, span: number): void {
    const margin = span * 0.05;
    const most = Math.max(this.#durationMs - span + margin, -margin);
    this.#span = span;
    this.#from = Math.max(Math.min(-margin, most), Math.min(most, from));
    if (span >= this.#durationMs * 1.1) this.#from = (this.#durationMs - span) / 2;
  }
}

/**
 * Where to put marks on an axis: at 1, 2 or 5 times a power of ten.
 *
 * @param from - milliseconds
 * @param to - milliseconds
 * @param most - at most so many
 */
export function ticks(from: number, to: number, most: number): number[] {
  const rough = (to - from) / Math.max(1, most);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.ceil(from / step);
  const last = Math.floor(to / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => (first + index) * step);
}

/** A time for people: `1.25 s`, `12.5 ms`, `340 µs`; `step` says how fine it has to be. */
export function timeText(ms: number, step: number = Math.abs(ms) / 100): string {
  if (ms === 0) return step >= 1000 ? '0 s' : '0 ms';
  const [unit, factor] = Math.abs(ms) >= 1000 ? ['s', 1000] : Math.abs(ms) >= 1 ? ['ms', 1] : ['µs', 0.001];
  const digits = Math.max(0, Math.min(6, -Math.floor(Math.log10(Math.max(step, 1e-6) / factor) + 1e-9)));
  return `${(ms / factor).toFixed(digits)} ${unit}`;
}
