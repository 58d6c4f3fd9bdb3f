import { firstVisible, STATE, type Lane, type Row, type TimelineModel } from '#page/model.js';
import { ticks, timeText, type Viewport } from '#page/viewport.js';

/** Colours and sizes that depend on the reader's screen. */
export interface Look {
  readonly dark: boolean;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly panel: string;
  readonly accent: string;
  readonly failed: string;
  readonly canceled: string;
  readonly pending: string;
  /** Height of a bar, and the width of the column with the lanes' names, in CSS pixels. */
  readonly bar: number;
  readonly gutter: number;
}

/** What is picked out. */
export interface Marks {
  readonly hovered: number;
  readonly selected: number;
  /** 1 for each fence that was searched for; undefined: nothing was. */
  readonly found: Uint8Array | undefined;
}

/** Where a lane is, in CSS pixels from the top of the first one. */
export interface LanePlace {
  readonly top: number;
  readonly bottom: number;
}

/** Height of the axis above the lanes. */
export const AXIS = 26;
const QUEUE_LINE = 3;
const WAIT_LINE = 4;
const LANE_GAP = 14;
/** Length of an arrow's head. */
const HEAD = 8;
/** Bars narrower than this are gathered into one of this width. */
const GRAIN = 2;
/** What does not match a search. */
const FADED = 0.12;
const FONT = '11px ui-monospace, "SF Mono", Menlo, Consolas, monospace';

/** Draws the recording on a canvas; only what is in view, and bars that share a pixel once. */
export class Painter {
  readonly #context: CanvasRenderingContext2D;
  readonly #model: TimelineModel;
  readonly #view: Viewport;
  readonly #hues: readonly string[];
  #look: Look;
  /** Width of a character, which is the same for all. */
  #character = 7;
  places: readonly LanePlace[] = [];

  constructor(context: CanvasRenderingContext2D, model: TimelineModel, view: Viewport, look: Look) {
    this.#context = context;
    this.#model = model;
    this.#view = view;
    this.#look = look;
    // Pictures are told apart by hue; red is kept for failures.
    this.#hues = Array.from({ length: 24 }, (_, index) => String(40 + ((index * 137) % 290)));
    this.look = look;
  }

  get look(): Look {
    return this.#look;
  }

  set look(look: Look) {
    this.#look = look;
    let top = 0;
    this.places = this.#model.lanes.map((lane) => {
      const height =
        lane.rows.length * (look.bar + 2) + lane.queueRows.length * QUEUE_LINE + WAIT_LINE + LANE_GAP;
      const place = { top, bottom: top + height };
      top += height;
      return place;
    });
  }

  /** The height of a bar with which the lanes fill so much height, between what the screen asks for and twice that. */
  barFor(height: number, least: number): number {
    const rows = this.#model.lanes.reduce((sum, lane) => sum + lane.rows.length, 0);
    const others = this.contentHeight - rows * this.#look.bar;
    return Math.max(least, Math.min(least * 2, Math.floor((height - others) / Math.max(1, rows))));
  }

  /** Height of all lanes. */
  get contentHeight(): number {
    return this.places.at(-1)?.bottom ?? 0;
  }

  /** The top of a fence's bar on the canvas. */
  topOf(number: number): number {
    const lane = this.#model.laneOf[number] ?? 0;
    return this.#laneTop(lane) + (this.#model.rowOf[number] ?? 0) * (this.#look.bar + 2);
  }

  /** The fence whose bar or queue line is at a place, within three pixels; -1: none. */
  hit(x: number, y: number): number {
    const lane = this.places.findIndex((_, index) => {
      const top = this.#laneTop(index);
      return y >= top && y < top + this.#laneHeight(index);
    });
    const { rows, queueRows } = this.#model.lanes[lane] ?? { rows: [], queueRows: [] };
    if (lane === -1 || y < AXIS || x < this.#look.gutter) return -1;
    const below = y - this.#laneTop(lane);
    const row = Math.floor(below / (this.#look.bar + 2));
    const bars = rows[row];
    if (bars !== undefined) return this.#hitRow(bars, this.#model.start, this.#model.end, x);
    const line = Math.floor((below - rows.length * (this.#look.bar + 2)) / QUEUE_LINE);
    const queued = queueRows[line];
    return queued === undefined ? -1 : this.#hitRow(queued, this.#model.queued, this.#model.start, x);
  }

  /** Draws everything. */
  paint(marks: Marks): void {
    const { width, left, height } = this.#view;
    const context = this.#context;
    context.clearRect(0, 0, left + width, height + AXIS);
    context.font = FONT;
    context.textBaseline = 'middle';
    this.#character = context.measureText('0').width;
    context.save();
    context.beginPath();
    context.rect(left, AXIS, width, height);
    context.clip();
    this.#paintGrid();
    for (const [index, lane] of this.#model.lanes.entries()) this.#paintLane(lane, index, marks);
    for (const number of new Set([marks.selected, marks.hovered]))
      if (number >= 0) this.#paintDependencies(number);
    context.restore();
    this.#paintAxis();
    this.#paintNames();
  }

  #laneTop(lane: number): number {
    return AXIS + LANE_GAP / 2 + (this.places[lane]?.top ?? 0) - this.#view.scroll;
  }

  #laneHeight(lane: number): number {
    const place = this.places[lane];
    return place === undefined ? 0 : place.bottom - place.top - LANE_GAP / 2;
  }

  #hitRow(row: Row, start: Float64Array, end: Float64Array, x: number): number {
    const slack = 3 / this.#view.scale;
    const time = this.#view.timeAt(x);
    let best = -1;
    let distance = Infinity;
    for (let place = firstVisible(row, end, time - slack); place < row.length; place += 1) {
      const number = row[place] ?? 0;
      const away = Math.max((start[number] ?? 0) - time, time - (end[number] ?? 0), 0);
      if ((start[number] ?? 0) > time + slack) break;
      if (away < distance) [best, distance] = [number, away];
    }
    return best;
  }

  #paintLane(lane: Lane, index: number, marks: Marks): void {
    const top = this.#laneTop(index);
    if (top > this.#view.height + AXIS || top + this.#laneHeight(index) < AXIS) return;
    const { bar } = this.#look;
    for (const [row, numbers] of lane.rows.entries()) this.#paintRow(numbers, top + row * (bar + 2), marks);
    let y = top + lane.rows.length * (bar + 2);
    for (const numbers of lane.queueRows) {
      this.#paintQueue(numbers, y, marks);
      y += QUEUE_LINE;
    }
    this.#context.fillStyle = this.#look.accent;
    // A wait is not what was searched for.
    this.#context.globalAlpha = marks.found === undefined ? 1 : FADED;
    for (let wait = 0; wait < lane.waits.length; wait += 2) {
      const from = this.#view.xOf(lane.waits[wait] ?? 0);
      const to = this.#view.xOf(lane.waits[wait + 1] ?? 0);
      if (to >= this.#view.left && from <= this.#view.left + this.#view.width)
        this.#context.fillRect(from, y + 1, Math.max(1, to - from), WAIT_LINE - 2);
    }
    this.#context.globalAlpha = 1;
  }

  /** Narrow bars are gathered until they fill two pixels; the worst of them gives the colour. */
  #paintRow(numbers: Row, y: number, { found, selected, hovered }: Marks): void {
    const { start, end, state } = this.#model;
    const view = this.#view;
    const right = view.left + view.width;
    let [gatheredFrom, gatheredTo, worst] = [0, -1, -1];
    const flush = (): void => {
      if (worst >= 0)
        this.#paintBar(worst, gatheredFrom, Math.max(gatheredTo, gatheredFrom + 1), y, found?.[worst] === 0);
      worst = -1;
    };
    for (let place = firstVisible(numbers, end, view.from); place < numbers.length; place += 1) {
      const number = numbers[place] ?? 0;
      const from = view.xOf(start[number] ?? 0);
      if (from > right) break;
      const to = view.xOf(end[number] ?? 0);
      if (to - from >= GRAIN || number === selected || number === hovered) {
        flush();
        this.#paintBar(number, from, Math.max(to, from + 2), y, found?.[number] === 0);
        if (found?.[number] !== 0) this.#paintLag(number, to, y);
        continue;
      }
      if (worst >= 0 && from > gatheredTo + 0.5) flush();
      if (worst < 0) [gatheredFrom, worst] = [from, number];
      else if (weightOf(state, found, number) > weightOf(state, found, worst)) worst = number;
      gatheredTo = Math.max(to, gatheredFrom);
      if (gatheredTo - gatheredFrom >= GRAIN) flush();
    }
    flush();
  }

  #paintBar(number: number, from: number, to: number, y: number, dimmed: boolean): void {
    const context = this.#context;
    const { bar, dark, text } = this.#look;
    const state = this.#model.state[number];
    context.globalAlpha = dimmed ? FADED : 1;
    context.fillStyle = this.#fill(number);
    context.fillRect(from, y, to - from, bar);
    const wide = to - from;
    if (state === STATE.PENDING) this.#fadeOut(from, to, y);
    if (state === STATE.CANCELED && wide > 6) this.#hatch(from, to, y);
    const left = Math.max(from, this.#view.left);
    const characters = Math.floor(
      (Math.min(to, this.#view.left + this.#view.width) - left - 8) / this.#character,
    );
    if (characters >= 3) {
      const label = this.#model.data.fences.label[number] ?? '';
      context.fillStyle = state === STATE.FAILED ? '#fff' : dark ? '#f4f5f7' : text;
      context.fillText(
        label.length > characters ? `${label.slice(0, characters - 1)}…` : label,
        left + 4,
        y + bar / 2 + 0.5,
      );
    }
    context.globalAlpha = 1;
  }

  /** From the end of the work to the signal: the way that the news took. */
  #paintLag(number: number, end: number, y: number): void {
    const signaled = this.#view.xOf(this.#model.signaled[number] ?? 0);
    if (signaled - end < 1) return;
    this.#context.fillStyle = this.#look.faint;
    this.#context.fillRect(end, y + this.#look.bar / 2 - 0.5, signaled - end, 1);
    this.#context.fillRect(signaled - 1, y + this.#look.bar / 2 - 4, 1, 8);
  }

  #fill(number: number): string {
    const { failed, canceled, pending, dark } = this.#look;
    const state = this.#model.state[number];
    if (state === STATE.FAILED) return failed;
    if (state === STATE.CANCELED) return canceled;
    if (state === STATE.PENDING) return pending;
    const hue = this.#hues[(this.#model.frame[number] ?? 0) % this.#hues.length] ?? '200';
    return dark ? `hsl(${hue} 45% 36%)` : `hsl(${hue} 60% 78%)`;
  }

  /** The end is not known: the bar has none. */
  #fadeOut(from: number, to: number, y: number): void {
    const { bar, panel } = this.#look;
    const shade = this.#context.createLinearGradient(Math.max(from, to - 40), 0, to, 0);
    shade.addColorStop(0, 'transparent');
    shade.addColorStop(1, panel);
    this.#context.fillStyle = shade;
    this.#context.fillRect(Math.max(from, to - 40), y, Math.min(40, to - from), bar);
  }

  #hatch(from: number, to: number, y: number): void {
    const context = this.#context;
    context.save();
    context.beginPath();
    context.rect(from, y, to - from, this.#look.bar);
    context.clip();
    context.strokeStyle = this.#look.panel;
    context.beginPath();
    const left = Math.max(from, this.#view.left) - this.#look.bar;
    for (let x = left; x < Math.min(to, this.#view.left + this.#view.width); x += 6) {
      context.moveTo(x, y + this.#look.bar);
      context.lineTo(x + this.#look.bar, y);
    }
    context.stroke();
    context.restore();
  }

  /** Lines that run into each other are drawn as one; what is picked out is drawn over them. */
  #paintQueue(numbers: Row, y: number, { found, selected, hovered }: Marks): void {
    const { queued, start } = this.#model;
    const view = this.#view;
    const context = this.#context;
    const line = (from: number, to: number, alpha: number): void => {
      context.globalAlpha = alpha;
      context.fillRect(from, y, Math.max(1, to - from - 0.5), QUEUE_LINE - 1);
    };
    let [from, to, alpha] = [0, -Infinity, 0];
    context.fillStyle = this.#look.faint;
    for (let place = firstVisible(numbers, start, view.from); place < numbers.length; place += 1) {
      const number = numbers[place] ?? 0;
      const begins = view.xOf(queued[number] ?? 0);
      if (begins > view.left + view.width) break;
      const shade = found?.[number] === 0 ? 0.1 : 0.5;
      // Neighbours that can be told apart stay apart.
      const wide = begins - from >= 8;
      if (begins > to + 0.5 || wide || (shade !== alpha && begins - from >= GRAIN)) {
        if (to > -Infinity) line(from, to, alpha);
        [from, to, alpha] = [begins, -Infinity, shade];
      }
      to = Math.max(to, view.xOf(start[number] ?? 0));
      alpha = Math.max(alpha, shade);
    }
    if (to > -Infinity) line(from, to, alpha);
    context.globalAlpha = 1;
    context.fillStyle = this.#look.accent;
    for (const number of [selected, hovered])
      if (number >= 0 && numbers.includes(number))
        line(view.xOf(queued[number] ?? 0), view.xOf(start[number] ?? 0), 1);
    context.globalAlpha = 1;
  }

  /** Arrows from what the fence depends on, paler ones to what depends on it; itself and they are framed. */
  #paintDependencies(number: number): void {
    const context = this.#context;
    context.lineWidth = 1.5;
    context.strokeStyle = context.fillStyle = this.#look.accent;
    for (const on of this.#model.dependsOn(number)) this.#arrow(on, number);
    context.globalAlpha = 0.45;
    for (const other of this.#model.neededBy[number] ?? []) this.#arrow(number, other);
    context.globalAlpha = 1;
    context.lineWidth = 2;
    this.#frame(number);
    context.lineWidth = 1;
  }

  #arrow(from: number, to: number): void {
    const { bar } = this.#look;
    const context = this.#context;
    const [x0, y0] = [this.#view.xOf(this.#model.end[from] ?? 0), this.topOf(from) + bar / 2];
    const [x1, y1] = [this.#view.xOf(this.#model.start[to] ?? 0), this.topOf(to) + bar / 2];
    const bend = Math.max(12, Math.min(80, Math.abs(x1 - x0) / 2));
    context.beginPath();
    context.moveTo(x0, y0);
    context.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1 - HEAD, y1);
    context.stroke();
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x1 - HEAD, y1 - HEAD / 2);
    context.lineTo(x1 - HEAD, y1 + HEAD / 2);
    context.fill();
    this.#frame(from);
    this.#frame(to);
  }

  #frame(number: number): void {
    const from = this.#view.xOf(this.#model.start[number] ?? 0);
    const to = Math.max(this.#view.xOf(this.#model.end[number] ?? 0), from + 2);
    this.#context.strokeRect(from - 0.5, this.topOf(number) - 0.5, to - from + 1, this.#look.bar + 1);
  }

  #paintGrid(): void {
    const { left, width, height, from, to } = this.#view;
    const context = this.#context;
    context.fillStyle = this.#look.line;
    for (const time of ticks(from, to, width / 90))
      context.fillRect(Math.round(this.#view.xOf(time)), AXIS, 1, height);
    for (const [lane] of this.places.entries())
      context.fillRect(left, this.#laneTop(lane) - LANE_GAP / 2, width, 1);
  }

  #paintAxis(): void {
    const { left, width, from, to } = this.#view;
    const context = this.#context;
    const marks = ticks(from, to, width / 90);
    const step = (marks[1] ?? to) - (marks[0] ?? from);
    context.fillStyle = this.#look.panel;
    context.fillRect(0, 0, left + width, AXIS);
    context.fillStyle = this.#look.faint;
    for (const time of marks) context.fillText(timeText(time, step), this.#view.xOf(time) + 4, AXIS / 2);
    context.fillStyle = this.#look.line;
    context.fillRect(0, AXIS - 1, left + width, 1);
  }

  #paintNames(): void {
    const { gutter, bar, panel, line, text } = this.#look;
    const context = this.#context;
    context.fillStyle = panel;
    context.fillRect(0, AXIS, gutter, this.#view.height);
    context.fillStyle = line;
    context.fillRect(gutter - 1, AXIS, 1, this.#view.height);
    context.save();
    context.beginPath();
    context.rect(0, AXIS, gutter - 6, this.#view.height);
    context.clip();
    context.fillStyle = text;
    for (const [lane, { name }] of this.#model.lanes.entries())
      context.fillText(name, 8, this.#laneTop(lane) + bar / 2);
    context.restore();
  }
}

/** What was searched for beats what was not; then the worse state. */
function weightOf(state: Uint8Array, found: Uint8Array | undefined, number: number): number {
  return (found === undefined ? 0 : (found[number] ?? 0) * 10) + (state[number] ?? 0);
}
