import { listenToKeys, listenToPointer, type Actions } from '#page/controls.js';
import type { TimelineData } from '#page/data.js';
import { showDetails, summary } from '#page/details.js';
import { STATE, TimelineModel } from '#page/model.js';
import { Painter, type Look } from '#page/painter.js';
import { timeText, Viewport } from '#page/viewport.js';

/** The page: a recording, what is picked out of it, and the elements that show both. */
class App implements Actions {
  readonly #canvas = find('canvas', HTMLCanvasElement);
  readonly #panel = find('#details', HTMLElement);
  readonly #tip = find('#tip', HTMLElement);
  readonly #status = find('#status', HTMLElement);
  readonly #search = find('#search', HTMLInputElement);
  readonly #matches = find('#matches', HTMLElement);
  readonly #help = find('#help', HTMLDialogElement);
  readonly #model: TimelineModel;
  readonly #view: Viewport;
  readonly #painter: Painter;
  readonly #context: CanvasRenderingContext2D;
  #hovered = -1;
  #selected = -1;
  #found: number[] = [];
  #foundMarks: Uint8Array | undefined;
  #frameAsked = false;

  constructor(data: TimelineData) {
    const context = this.#canvas.getContext('2d');
    if (context === null) throw new Error('this browser draws nothing on a canvas');
    this.#context = context;
    this.#model = new TimelineModel(data);
    this.#view = new Viewport(this.#model.durationMs);
    this.#painter = new Painter(context, this.#model, this.#view, this.#look());
    this.#introduce(data);
    listenToPointer(this.#canvas, this.#view, this);
    listenToKeys(document, this.#view, this);
    this.#listenToTools();
    new ResizeObserver(() => {
      this.#resize();
    }).observe(this.#canvas);
    for (const query of ['(prefers-color-scheme: dark)', '(pointer: coarse)'])
      matchMedia(query).addEventListener('change', () => {
        this.#resize();
      });
    this.#resize();
    this.#view.fit();
  }

  moved(): void {
    if (this.#frameAsked) return;
    this.#frameAsked = true;
    requestAnimationFrame(() => {
      this.#frameAsked = false;
      const marks = { hovered: this.#hovered, selected: this.#selected, found: this.#foundMarks };
      this.#painter.paint(marks);
    });
  }

  hover(x: number, y: number): void {
    this.#hovered = this.#painter.hit(x, y);
    this.#tip.hidden = this.#hovered === -1;
    if (this.#hovered !== -1) {
      this.#tip.textContent = summary(this.#model, this.#hovered);
      const right = x > this.#canvas.clientWidth / 2;
      this.#tip.style.left = right ? 'auto' : `${String(x + 14)}px`;
      this.#tip.style.right = right ? `${String(this.#canvas.clientWidth - x + 14)}px` : 'auto';
      this.#tip.style.top = `${String(y + 16)}px`;
    }
    this.#canvas.style.cursor = this.#hovered === -1 ? 'grab' : 'pointer';
    this.moved();
  }

  leave(): void {
    this.#hovered = -1;
    this.#tip.hidden = true;
    this.moved();
  }

  pick(x: number, y: number): void {
    const number = this.#painter.hit(x, y);
    if (number === -1) this.clear();
    else this.#select(number);
  }

  step(direction: 'next' | 'previous' | 'up' | 'down'): void {
    if (this.#selected === -1) {
      this.#select(this.#model.nearest(0, this.#view.from));
      return;
    }
    if (direction === 'next' || direction === 'previous') {
      this.#select(this.#model.neighbour(this.#selected, direction === 'next' ? 1 : -1));
      return;
    }
    const lane = (this.#model.laneOf[this.#selected] ?? 0) + (direction === 'down' ? 1 : -1);
    const time = this.#model.start[this.#selected] ?? 0;
    const number = this.#model.nearest(lane, time);
    if (number !== -1) this.#select(number);
  }

  focusSelected(): void {
    if (this.#selected === -1) return;
    const [start, end] = [this.#model.start[this.#selected] ?? 0, this.#model.end[this.#selected] ?? 0];
    this.#view.zoom(this.#view.span / Math.max(0.001, (end - start) * 8));
    this.#view.pan(this.#view.xOf((start + end) / 2) - this.#view.left - this.#view.width / 2);
    this.moved();
  }

  clear(): void {
    this.#selected = -1;
    this.#panel.hidden = true;
    if (this.#search.value !== '') {
      this.#search.value = '';
      this.#runSearch();
    }
    this.#resize();
  }

  search(): void {
    this.#search.focus();
    this.#search.select();
  }

  nextFound(step: 1 | -1): void {
    if (this.#found.length === 0) return;
    const place = this.#found.indexOf(this.#selected);
    const next = place === -1 ? (step === 1 ? 0 : this.#found.length - 1) : place + step;
    this.#select(this.#found[(next + this.#found.length) % this.#found.length] ?? -1);
    this.#countMatches();
  }

  help(): void {
    this.#help.showModal();
  }

  #select(number: number): void {
    if (number < 0) return;
    this.#selected = number;
    showDetails(this.#panel, this.#model, number, (other) => {
      this.#select(other);
    });
    this.#status.textContent = summary(this.#model, number);
    this.#resize();
    this.#view.reveal(this.#model.start[number] ?? 0, this.#model.end[number] ?? 0);
    const place = this.#painter.places[this.#model.laneOf[number] ?? 0];
    if (place !== undefined) this.#view.revealRows(place.top, place.bottom);
    this.moved();
  }

  #runSearch(): void {
    const text = this.#search.value.trim();
    this.#found = text === '' ? [] : this.#model.search(text);
    this.#foundMarks = text === '' ? undefined : new Uint8Array(this.#model.count);
    for (const number of this.#found) if (this.#foundMarks !== undefined) this.#foundMarks[number] = 1;
    this.#countMatches();
    this.moved();
  }

  #countMatches(): void {
    const place = this.#found.indexOf(this.#selected);
    const count = String(this.#found.length);
    this.#matches.textContent =
      this.#foundMarks === undefined
        ? ''
        : place === -1
          ? `${count} found`
          : `${String(place + 1)} of ${count}`;
  }

  #listenToTools(): void {
    this.#search.addEventListener('input', () => {
      this.#runSearch();
    });
    this.#search.addEventListener('keydown', (event) => {
      if (event.key === 'Enter') this.nextFound(event.shiftKey ? -1 : 1);
      if (event.key === 'Escape') {
        this.clear();
        this.#search.blur();
      }
    });
    const tools: Readonly<Record<string, () => void>> = {
      '#zoom-in': () => {
        this.#view.zoom(1.6);
      },
      '#zoom-out': () => {
        this.#view.zoom(1 / 1.6);
      },
      '#fit': () => {
        this.#view.fit();
      },
      '#show-help': () => {
        this.help();
      },
    };
    for (const [id, action] of Object.entries(tools))
      find(id, HTMLButtonElement).addEventListener('click', () => {
        action();
        this.moved();
      });
  }

  /** Says what there is to see. */
  #introduce({ title, dropped }: TimelineData): void {
    const { count, state, durationMs, data } = this.#model;
    const [failed, pending] = [STATE.FAILED, STATE.PENDING].map(
      (kind) => state.filter((each) => each === kind).length,
    );
    const parts = [
      `${count.toLocaleString('en')} fences on ${String(data.lanes.length)} timelines in ${timeText(durationMs)}`,
    ];
    if (failed !== 0) parts.push(`${String(failed)} failed`);
    if (pending !== 0) parts.push(`${String(pending)} pending at the end`);
    if (dropped > 0) parts.push(`${dropped.toLocaleString('en')} more were not recorded`);
    document.title = `${title}: fence timeline`;
    find('#title', HTMLElement).textContent = title;
    find('#counts', HTMLElement).textContent = parts.join(', ');
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.#canvas;
    const density = window.devicePixelRatio;
    this.#canvas.width = Math.round(clientWidth * density);
    this.#canvas.height = Math.round(clientHeight * density);
    this.#context.setTransform(density, 0, 0, density, 0, 0);
    const least = this.#look();
    // Few lanes in a high window: higher bars instead of empty space.
    const look = { ...least, bar: this.#painter.barFor(clientHeight - 26, least.bar) };
    this.#painter.look = look;
    this.#view.resize(look.gutter, clientWidth - look.gutter, clientHeight - 26, this.#painter.contentHeight);
    // At once, not with the next frame: a canvas is empty after its size was set.
    this.#painter.paint({ hovered: this.#hovered, selected: this.#selected, found: this.#foundMarks });
  }

  #look(): Look {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string): string => style.getPropertyValue(`--${name}`).trim();
    const coarse = matchMedia('(pointer: coarse)').matches;
    return {
      dark: matchMedia('(prefers-color-scheme: dark)').matches,
      text: colour('text'),
      faint: colour('faint'),
      line: colour('line'),
      panel: colour('panel'),
      accent: colour('accent'),
      failed: colour('failed'),
      canceled: colour('canceled'),
      pending: colour('pending'),
      bar: coarse ? 26 : 20,
      gutter: this.#canvas.clientWidth < 600 ? 84 : 116,
    };
  }
}

function find<E extends Element>(selector: string, kind: new () => E): E {
  const found = document.querySelector(selector);
  if (!(found instanceof kind)) throw new Error(`the page has no ${selector}`);
  return found;
}

new App(JSON.parse(find('#data', HTMLScriptElement).text) as TimelineData);
