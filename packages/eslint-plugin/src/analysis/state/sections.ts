import type { Run } from '../run.js';
import type { OpenSection, State } from './state.js';
import type { Node } from '../text/syntax.js';

/** A section is open from here. */
export function beginSection(state: State, section: OpenSection): void {
  state.sections = [...state.sections, section];
}

/** A section is over, wherever it stands in the stack. */
export function endSection(state: State, of: string): void {
  state.sections = state.sections.filter((section) => section.of !== of);
}

/** `end()` on a guard: the innermost free section has to be the one. A second end is harmless. */
export function endFreeSection(run: Run, state: State, of: string, node: Node): void {
  const free = state.sections.filter(({ kind }) => kind === 'free');
  const section = free.find((one) => one.of === of);
  if (section === undefined) return;
  const innermost = free.at(-1);
  if (innermost !== undefined && innermost !== section) {
    run.report({ kind: 'section order', node, inner: innermost.node, outer: section.node });
  }
  endSection(state, of);
  state.ended = { at: node, signaledInside: state.ended?.signaledInside ?? false };
}

/** A fence was signaled: its own section is over, and a free section around it has done its work. */
export function signalInSections(run: Run, state: State, object: string, name: string, node: Node): void {
  const isInside = state.sections.some(({ kind, of }) => kind !== 'own' || of === object);
  if (isInside) state.ended = state.ended && { ...state.ended, signaledInside: true };
  else if (state.ended !== undefined && !state.ended.signaledInside) {
    run.report({ kind: 'signal outside', node, name, ended: state.ended.at });
  }
  if (isInside && state.sections.some(({ kind }) => kind === 'free'))
    state.ended = { at: node, signaledInside: true };
  state.sections = state.sections.filter(({ kind, of }) => kind !== 'own' || of !== object);
}

/** `await` or `yield` while a free section is open. */
export function suspendInSections(run: Run, state: State, node: Node, by: 'await' | 'yield'): void {
  const free = state.sections.findLast(({ kind }) => kind === 'free');
  if (free !== undefined) run.report({ kind: 'section suspended', node, begun: free.node, by });
  const path = free ?? state.sections.findLast(({ kind }) => kind === 'path');
  if (path !== undefined && by === 'await') {
    run.report({ kind: 'blocking', node, what: 'await', begun: path.node, reason: 'await' });
  }
}

/** Something that blocks was called: not allowed in any section. */
export function blockInSections(run: Run, state: State, node: Node, what: string): void {
  const section = state.sections.at(-1);
  if (section !== undefined)
    run.report({ kind: 'blocking', node, what, begun: section.node, reason: 'block' });
}

/** A fence is waited for: never the one whose own section is open; others are a matter of the rule's option. */
export function waitInSections(
  run: Run,
  state: State,
  node: Node,
  what: string,
  objects: readonly string[],
): void {
  const own = state.sections.findLast(
    ({ kind, of }) => (kind === 'own' || kind === 'work') && objects.includes(of),
  );
  if (own !== undefined) {
    run.report({ kind: 'blocking', node, what, begun: own.node, reason: 'own fence' });
    return;
  }
  const other = state.sections.findLast(({ kind }) => kind === 'own' || kind === 'work' || kind === 'path');
  if (other !== undefined)
    run.report({
      kind: 'blocking',
      node,
      what,
      begun: other.node,
      reason: other.kind === 'path' ? 'await' : 'other fence',
    });
}

/** Something was allocated on a path that signals. */
export function allocateInSections(run: Run, state: State, node: Node, what: string): void {
  const section = state.sections.at(-1);
  if (section !== undefined) run.report({ kind: 'allocating', node, what, begun: section.node });
}
