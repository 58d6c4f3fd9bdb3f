import { acquire, fenceOf } from '../state/ownership.js';
import type { Outcome, Run } from '../run.js';
import type { State } from '../state/state.js';
import type { Node } from '../text/syntax.js';
import { nothing, unknown } from '../state/value.js';

/** A call's result by its type: a new reference, or nothing where that is possible too. */
export function resultOfType(
  run: Run,
  state: State,
  call: Node,
  type: { entity: string; nullable: boolean; brand?: string | undefined },
): Outcome[] {
  const resource = type.entity === 'DmaFence' || type.entity === 'DriverFence' ? 'fence' : undefined;
  const outcomes: Outcome[] = [];
  if (type.nullable) outcomes.push({ state: state.clone(), value: nothing });
  if (resource === undefined) {
    if (type.entity === 'ReservationLock' || type.entity === 'ReservationLocks') {
      const reference = acquire(run, state, call, { resource: 'lock' });
      outcomes.push({ state, value: { kind: 'guard', reference: reference.id } });
    } else outcomes.push({ state, value: unknown });
    return outcomes;
  }
  if (type.brand === 'borrowed') {
    const object = `x${String(call.range[0])}`;
    outcomes.push({
      state,
      value: {
        kind: 'fence',
        object,
        reference: undefined,
        origin: 'library',
        path: undefined,
        node: call,
        checked: true,
      },
    });
    return outcomes;
  }
  outcomes.push({ state, value: fenceOf(acquire(run, state, call)) });
  return outcomes;
}
