import type { DmaFence } from '../fence/dma-fence.js';
import type { ForeignCode } from '../validator.js';
import type { Edge, Node } from './graph.js';
import { drawCycle, place, placesOf, type Finding, type LockdepKind } from './report.js';
import type { Trace } from './trace.js';

// The words of every finding, in one place. Each says what is wrong, where to look, and what to change. A title is short, so that
// with names of usual length it is one line of a terminal: the drawing and the places tell the rest.

const quote = (name: string): string => JSON.stringify(name);

/** The class that a fence of that name counts as when findings are told apart: its driver and timeline. */
export function contextName(fenceName: string): string {
  return fenceName.replace(/:\d+:\d+$/, '');
}

/** A finding, and what makes it the same finding as an earlier one. */
export interface Found {
  readonly finding: Finding;
  readonly key: string;
}

function distinct(kind: LockdepKind, parts: readonly string[], finding: Omit<Finding, 'kind'>): Found {
  return { finding: { kind, ...finding }, key: [kind, ...parts].join('\n') };
}

/** Classes that need each other in a circle; `className` when all are locks of one class. */
export function cycleFound(edges: readonly Edge[], className?: string): Found {
  const finding = describeCycle(edges, className);
  const classes = className === undefined ? edges.map(({ from }) => classNameOf(from)) : [className];
  return { finding, key: [finding.kind, ...classes.sort()].join('\n') };
}

/** One report for contexts of the same names, however many there are. */
function classNameOf({ kind, name }: Node): string {
  return kind === 'fence' ? name.replace(/:\d+$/, '') : name;
}

function describeCycle(found: readonly Edge[], className: string | undefined): Finding {
  const start = found.findIndex(({ from, to }) => from.kind === 'lock' && to.kind === 'fence');
  const cycle = start <= 0 ? found : [...found.slice(start), ...found.slice(0, start)];
  const locks = cycle.filter(({ from }) => from.kind === 'lock');
  const fences = cycle.filter(({ from }) => from.kind === 'fence');
  const names = cycle.flatMap(({ held, needed }) => [held, needed]);
  const drawn = { names, places: placesOf(cycle), drawing: drawCycle(cycle) };
  if (locks.length > 0 && fences.length > 0) {
    const [first] = locks as [Edge];
    const last = locks.at(-1) as Edge;
    return {
      kind: 'lock-under-wait',
      title: `possible deadlock: waiters hold lock ${quote(first.held)}, signallers take ${
        locks.length === 1 ? 'it' : `lock ${quote(last.held)}`
      }`,
      ...drawn,
      advice: `release ${quote(first.held)} before the wait (collect the fences under it, wait after it); or ${
        cycle.some(({ under }) => under === 'before')
          ? `have whoever advances the timeline do so without taking ${quote(last.held)} first.`
          : cycle.some(({ under }) => under === 'held')
            ? `signal after ${quote(last.held)} is released (note under it what is to be signaled).`
            : `take ${quote(
                last.held,
              )} before the signalling section begins; or try the lock inside the section and go on without it.`
      }`,
    };
  }
  if (fences.length > 0) {
    return {
      kind: 'lock-order',
      title: `possible deadlock: ${fences.map(({ from }) => from.name).join(' and ')} need each other`,
      ...drawn,
      advice:
        'give the producers an order, and let each wait only for those before it; or have a third one wait for both.',
    };
  }
  return {
    kind: 'lock-order',
    title: `possible deadlock: locks ${locks.map(({ held }) => quote(held)).join(' and ')} taken in opposite orders`,
    ...drawn,
    advice:
      className === undefined
        ? `take them in one order everywhere: ${locks.map(({ held }) => quote(held)).join(' before ')}, or the other way round.`
        : `take locks of ${quote(className)} in one order, for instance sorted by a number; reservations through lockReservations(), which needs no order.`,
  };
}

/** A lock asked for by the task that has it. */
export function takenAgain({ from, held, heldAt, neededAt }: Edge): Found {
  return distinct('lock-order', [from.name, from.name], {
    title: `deadlock: lock ${quote(held)} is taken again by the task that holds it`,
    names: [held],
    places: [
      place(`lock ${quote(held)} was taken`, heldAt),
      place('and asked for again while it was held', neededAt),
    ],
    advice: `release ${quote(held)} first, or hand the held lock down instead of taking it twice.`,
  });
}

/** Work that holds a share of a capacity, and waits for what needs a share of the same one. */
export function capacityFound(cycle: readonly Edge[], capacity: Node, isJob: boolean): Found {
  const start = cycle.findIndex(({ from }) => from === capacity);
  const edges = [...cycle.slice(start), ...cycle.slice(0, start)];
  const names = edges.flatMap(({ held, needed }) => [held, needed]);
  const last = edges.at(-1) as Edge;
  return distinct('lock-order', ['capacity', ...edges.map(({ from }) => from.name).sort()], {
    title: `possible deadlock: work that holds ${capacity.name} waits for work that needs them`,
    names,
    places: edges.flatMap(({ held, needed, heldAt, neededAt }) => [
      place(`${held} held`, heldAt),
      place(`while ${needed} was waited for`, neededAt),
    ]),
    ...(edges.length > 1 ? { drawing: drawCycle(edges) } : {}),
    advice: `once all ${capacity.name} are held by work that waits like this, none of it goes on. ${
      isJob
        ? `Name ${last.needed} as a dependency of the job, so that it begins afterwards; or return its fence from the work instead of waiting; or give that work a queue of its own.`
        : 'Wait after the slot is given back; or give the inner work a limiter of its own. More slots only make it rarer.'
    }`,
  });
}

export function selfWait(fence: DmaFence, began: Trace, waited: Trace): Found {
  return distinct('self-wait', [contextName(fence.name)], {
    title: `deadlock: fence ${fence.name} is waited for in its own section`,
    names: [fence.name],
    places: [
      place(`the section of ${fence.name} began`, began),
      place('and its fence was waited for inside it', waited),
    ],
    advice:
      'wait outside of the section. If somebody else signals the fence, the section is over where the work was handed on: end() its guard there.',
  });
}

/** Work that is to signal a fence waits for a later one of the same context. */
export function outOfOrder(own: DmaFence, later: DmaFence, began: Trace, waited: Trace): Found {
  return distinct('in-order', [contextName(own.name)], {
    title: `deadlock: the work of ${own.name} waits for ${later.name}, which comes after it`,
    names: [own.name, later.name],
    places: [
      place(`the signalling section of ${own.name} began`, began),
      place(`and ${later.name} was waited for inside it`, waited),
    ],
    advice: `a context signals in order, so ${later.name} cannot signal before ${own.name}. Wait for it after this section, or give one of the two a context of its own.`,
  });
}

export function openSection(began: Trace | undefined): Found {
  return distinct('open-section', [began?.top?.key ?? ''], {
    title: 'a free signalling section was still open when its turn ended',
    names: [],
    places: [place('the section began', began)],
    advice:
      'end it before the first await or yield, and on every path (`using section = beginSignalling()`); work that awaits belongs in fence.signalAfter().',
  });
}

export function sectionOrder(outer: Trace | undefined, inner: Trace | undefined): Found {
  return distinct('section-order', [outer?.top?.key ?? '', inner?.top?.key ?? ''], {
    title: 'a free signalling section was ended before the one inside it',
    names: [],
    places: [place('the outer section began', outer), place('the inner section, still open, began', inner)],
    advice: 'end sections innermost first; `using` does that by itself.',
  });
}

export function orphan(name: string, context: string, began: Trace): Found {
  return distinct('orphan', [context], {
    title: `fence ${name} was published, and nobody is left to signal it`,
    names: [name],
    places: [place('it was published', began)],
    advice:
      'signal or fail it on every path of its producer; signalAfter(work) does so whatever way the work ends.',
  });
}

/** Where core is when something forbidden happens: in foreign code, in a fence's own section, or in a free one. */
export type Where =
  | { readonly section: undefined; readonly what: ForeignCode; readonly fence: DmaFence }
  /** The name of the fence whose section it is, or `free`. */
  | { readonly section: string };

/** Something that may not happen in a signalling section, a callback or an op. */
const ACTS = {
  lock: {
    text: 'is taken',
    instead: 'take it before the section begins, or try it there: tryLock() never waits.',
  },
  wait: { text: 'is waited for', instead: 'wait before the section begins.' },
  block: {
    text: 'blocks the thread',
    instead:
      'block before the section begins; or await the fence in fence.signalAfter(), which may wait for what its work depends on.',
  },
} as const;

/** Something that may not happen there, to the lock or fence of that name. */
export function forbidden(
  act: keyof typeof ACTS,
  name: string,
  where: Where,
  began: Trace | undefined,
  now: Trace,
): Found {
  const { text, instead } = ACTS[act];
  const what = `${act === 'lock' ? `lock ${quote(name)}` : `fence ${name}`} ${text}`;
  // One report for each pair of classes, however many locks and fences of these meet.
  const subject = act === 'lock' ? name : contextName(name);
  if (where.section !== undefined) {
    const free = where.section === 'free';
    return distinct('forbidden', [act, subject, contextName(where.section)], {
      title: `${what} in ${free ? 'a free signalling section' : `the section of ${where.section}`}`,
      names: free ? [name] : [name, where.section],
      places: [place('the section began', began), place(what, now)],
      advice: instead,
    });
  }
  return distinct('forbidden', [act, subject, where.what, contextName(where.fence.name)], {
    title: `${what} in ${code(where.what)} of ${where.fence.name}`,
    names: [name, where.fence.name],
    places: [place(what, now)],
    advice:
      'callbacks and ops run inside signal() and must not wait: have them start a task of its own, or wait where the result is needed.',
  });
}

/** @param name of the callback's function, as far as it has one. */
export function slowCallback(
  what: ForeignCode,
  name: string,
  fence: DmaFence,
  { took, limit, signaled }: { took: number; limit: number; signaled: Trace },
): Found {
  const who = what === 'callback' && name !== '' ? `callback ${name}()` : code(what);
  return distinct('slow-callback', [what, name, contextName(fence.name)], {
    title: `${who} of ${fence.name} ran ${took.toFixed(1)} ms, over slowCallbackMs: ${String(limit)}`,
    names: [fence.name],
    places: [place('it was called from', signaled)],
    advice:
      'whoever called it waits meanwhile: note what happened and return, do the work in a task of its own.',
  });
}

const code = (what: ForeignCode): string => (what === 'callback' ? 'a callback' : `${what}()`);
