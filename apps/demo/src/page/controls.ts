import type { Viewport } from '#page/viewport.js';

/** What a reader can do with pointer and keys on the canvas. */
export interface Actions {
  /** Something moved: draw again. */
  moved(): void;
  hover(x: number, y: number): void;
  leave(): void;
  pick(x: number, y: number): void;
  /** To the next or previous fence of the lane, or to the lane above or below. */
  step(direction: 'next' | 'previous' | 'up' | 'down'): void;
  /** Centres and enlarges what is selected. */
  focusSelected(): void;
  clear(): void;
  search(): void;
  nextFound(step: 1 | -1): void;
  help(): void;
}

interface Finger {
  x: number;
  y: number;
}

/** A press that moves less than this is a tap. */
const TAP = 4;

/** Connects wheel, pointer and touch: wheel zooms, drag pans, pinch zooms, a tap selects. */
export function listenToPointer(canvas: HTMLCanvasElement, view: Viewport, actions: Actions): void {
  const fingers = new Map<number, Finger>();
  let travelled = 0;
  const placeOf = (event: PointerEvent | WheelEvent): Finger => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY);
      if (event.shiftKey) view.pan((event.deltaY + event.deltaX) * unit);
      else if (sideways) view.pan(event.deltaX * unit);
      else if (event.altKey) view.scrollBy(event.deltaY * unit);
      else view.zoom(Math.exp((-event.deltaY * unit) / 300), placeOf(event).x);
      actions.moved();
    },
    { passive: false },
  );
  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, placeOf(event));
    if (fingers.size === 1) travelled = 0;
  });
  canvas.addEventListener('pointermove', (event) => {
    const place = placeOf(event);
    const before = fingers.get(event.pointerId);
    if (before === undefined) {
      actions.hover(place.x, place.y);
      return;
    }
    const others = [...fingers].filter(([id]) => id !== event.pointerId).map(([, finger]) => finger);
    const other = others[0];
    travelled += Math.hypot(place.x - before.x, place.y - before.y);
    if (other === undefined) {
      if (travelled > TAP) {
        view.pan(before.x - place.x);
        view.scrollBy(before.y - place.y);
      }
    } else {
      const [apart, was] = [Math.abs(place.x - other.x), Math.abs(before.x - other.x)];
      if (apart > 10 && was > 10) view.zoom(apart / was, (place.x + other.x) / 2);
      view.pan((before.x - place.x) / 2);
    }
    fingers.set(event.pointerId, place);
    actions.moved();
  });
  const lift = (event: PointerEvent): void => {
    const place = fingers.get(event.pointerId);
    fingers.delete(event.pointerId);
    if (place !== undefined && event.type === 'pointerup' && travelled <= TAP && fingers.size === 0)
      actions.pick(place.x, place.y);
  };
  canvas.addEventListener('pointerup', lift);
  canvas.addEventListener('pointercancel', lift);
  canvas.addEventListener('pointerleave', () => {
    actions.leave();
  });
  canvas.addEventListener('dblclick', () => {
    actions.focusSelected();
  });
}

/** Connects the keys that the help text tells of. They work wherever nothing is being typed. */
export function listenToKeys(document: Document, view: Viewport, actions: Actions): void {
  const keys: Readonly<Record<string, () => void>> = {
    '+': () => {
      view.zoom(1.5);
    },
    '=': () => {
      view.zoom(1.5);
    },
    w: () => {
      view.zoom(1.5);
    },
    '-': () => {
      view.zoom(1 / 1.5);
    },
    s: () => {
      view.zoom(1 / 1.5);
    },
    a: () => {
      view.pan(-view.width / 6);
    },
    d: () => {
      view.pan(view.width / 6);
    },
    '0': () => {
      view.fit();
    },
    Home: () => {
      view.fit();
    },
    PageUp: () => {
      view.scrollBy(-view.height * 0.8);
    },
    PageDown: () => {
      view.scrollBy(view.height * 0.8);
    },
    ArrowRight: () => {
      actions.step('next');
    },
    ArrowLeft: () => {
      actions.step('previous');
    },
    ArrowUp: () => {
      actions.step('up');
    },
    ArrowDown: () => {
      actions.step('down');
    },
    Enter: () => {
      actions.focusSelected();
    },
    Escape: () => {
      actions.clear();
    },
    '/': () => {
      actions.search();
    },
    n: () => {
      actions.nextFound(1);
    },
    N: () => {
      actions.nextFound(-1);
    },
    '?': () => {
      actions.help();
    },
  };
  document.addEventListener('keydown', (event) => {
    const target = event.target as Element | null;
    const typing = target instanceof HTMLInputElement;
    if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
    // A button keeps its own meaning of Enter.
    if (target instanceof HTMLButtonElement && event.key === 'Enter') return;
    const action = keys[event.key];
    if (action === undefined) return;
    event.preventDefault();
    action();
    actions.moved();
  });
}
