import { STATE, type TimelineModel } from '#page/model.js';
import { timeText } from '#page/viewport.js';

/** Longer lists are cut: a panel is no place for hundreds of lines. */
const MOST_LINKS = 12;

/** Fills the panel with everything about one fence. */
export function showDetails(
  panel: HTMLElement,
  model: TimelineModel,
  number: number,
  select: (number: number) => void,
): void {
  const { fences } = model.data;
  const label = element('h2', fences.label[number] ?? '');
  const table = document.createElement('dl');
  const add = (term: string, ...content: (Node | string)[]): void => {
    const value = document.createElement('dd');
    value.append(...content);
    table.append(element('dt', term), value);
  };
  add('fence', element('code', fences.name[number] ?? ''));
  add('state', stateText(model, number));
  add('queued', `at ${timeText(fences.queued[number] ?? 0)}`);
  const started = fences.started[number] ?? null;
  const signaled = fences.signaled[number] ?? null;
  if (started !== null) {
    add('waited', timeText(started - (fences.queued[number] ?? 0)));
    add('ran', timeText((signaled ?? model.durationMs) - started), signaled === null ? ' and longer' : '');
  }
  if (signaled !== null) add('signaled', `at ${timeText(signaled)}`);
  const links = (numbers: readonly number[]): Node[] => {
    const buttons: Node[] = numbers.slice(0, MOST_LINKS).map((other) => {
      const button = element('button', fences.label[other] ?? '');
      if (model.state[other] === STATE.FAILED) button.className = 'failed';
      button.addEventListener('click', () => {
        select(other);
      });
      return button;
    });
    if (numbers.length > MOST_LINKS)
      buttons.push(document.createTextNode(`and ${String(numbers.length - MOST_LINKS)} more`));
    return buttons;
  };
  const dependencies = model.dependsOn(number);
  const needed = model.neededBy[number] ?? [];
  if (dependencies.length > 0) add('depends on', ...links(dependencies));
  if (needed.length > 0) add('needed by', ...links(needed));
  panel.replaceChildren(label, table);
  panel.hidden = false;
}

/** One line about a fence: for the pointer, and for those who listen instead of looking. */
export function summary(model: TimelineModel, number: number): string {
  const { fences } = model.data;
  const length = (model.end[number] ?? 0) - (model.start[number] ?? 0);
  const lane = model.lanes[model.laneOf[number] ?? 0]?.name ?? '';
  return `${fences.label[number] ?? ''}, ${lane}, ${stateText(model, number)}, ${timeText(length)} from ${timeText(model.start[number] ?? 0)}`;
}

function stateText(model: TimelineModel, number: number): string {
  const error = model.data.fences.error[number] ?? null;
  if (error !== null) return `failed: ${error}`;
  return model.state[number] === STATE.PENDING ? 'pending at the end of the recording' : 'signaled';
}

function element<K extends keyof HTMLElementTagNameMap>(tag: K, text: string): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}
