import { createdAt, pendingMemberOf, waitersOf, type Census, type Inhabitant } from '../debug/census.js';
import type { LockdepKind, LockdepReport } from '../lockdep/report.js';

/** Something that a test leaves behind. */
export interface Leftover {
  readonly kind: 'pending' | 'leaked' | LockdepKind;
  /** What it is told by: the fence's name, or the title of a report and the names in it. */
  readonly names: readonly string[];
  /** Put into words when it is shown: there can be thousands, of which the first few tell enough. */
  readonly text: () => string;
}

/** So many fences are shown, the others counted. */
const SHOWN = 10;

const count = (number: number, one: string, many = `${one}s`): string =>
  `${String(number)} ${number === 1 ? one : many}`;

/** Every fence of a census that nobody has signaled, or of which a reference was never put. */
export function fencesLeft({ living, lost }: Census): Leftover[] {
  return [...[...living].map(fenceLeft), ...lost.map(lostFence)];
}

function fenceLeft(entry: Inhabitant): Leftover {
  const { name, ref } = entry;
  const fence = ref.deref();
  if (fence === undefined) return lostFence(entry);
  const held = `${count(fence.refCount, 'reference')} ${fence.refCount === 1 ? 'is' : 'are'} held`;
  if (fence.signaled) {
    return leftover('leaked', entry, () => `${name} is over, and ${held}: somebody forgot a put()`);
  }
  return leftover('pending', entry, () => {
    const waiters = waitersOf(fence);
    const member = pendingMemberOf(fence);
    return [
      `${name} is pending, ${member === undefined ? 'nobody has signaled it' : `so is its member ${member.name}`};`,
      `${waiters === 0 ? 'nobody waits for it' : `${count(waiters, 'callback or wait', 'callbacks and waits')} on it`}, ${held}`,
    ].join(' ');
  });
}

function lostFence(entry: Inhabitant): Leftover {
  return leftover(
    'leaked',
    entry,
    () => `${entry.name} is gone, collected while references to it were held: somebody forgot a put()`,
  );
}

function leftover(kind: 'pending' | 'leaked', entry: Inhabitant, what: () => string): Leftover {
  const text = (): string => {
    const created = createdAt(entry);
    const lines = created.length === 0 ? [] : ['created', ...created.map((frame) => `    at ${frame}`)];
    return [what(), ...lines].map(indent).join('\n');
  };
  return { kind, names: [entry.name], text };
}

/** The first line stands out, the others belong to it. */
const indent = (line: string, index: number): string => `${index === 0 ? '  ' : '      '}${line}`;

/** A report of the validator. */
export function reportLeft({ kind, title, names, text }: LockdepReport): Leftover {
  return { kind, names: [title, ...names], text: () => text };
}

/** What a person reads who has to repair it. */
export function messageOf(left: readonly Leftover[]): string {
  const fences = left.filter(({ kind }) => kind === 'pending' || kind === 'leaked');
  const reports = left.filter((one) => !fences.includes(one));
  const said = [
    ...(fences.length === 0 ? [] : [count(fences.length, 'fence')]),
    ...(reports.length === 0
      ? []
      : [count(reports.length, 'report of the validator', 'reports of the validator')]),
  ];
  const parts = [`A test leaves behind ${said.join(' and ')}.`];
  if (fences.length > 0) {
    parts.push(...fences.slice(0, SHOWN).map(({ text }) => text()));
    if (fences.length > SHOWN) parts.push(`  … and ${String(fences.length - SHOWN)} more`);
    parts.push(
      '  What to change: signal, fail or cancel what is pending, and put() every\n' +
        '    reference that was got or returned (`using fence = …` does it); what a test\n' +
        '    plants, it says: check.expect(kind, name).',
    );
  }
  return [...parts, ...reports.map(({ text }) => text())].join('\n\n');
}
