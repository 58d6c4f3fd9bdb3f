import { DmaFenceContext, type FenceOps } from './context.js';
import { invalid } from '../error.js';

/** A context that only core makes fences in; `why` goes to users who try. */
export function closedContext(
  driverName: string,
  why: string,
  ops: FenceOps | undefined,
  id?: number,
): DmaFenceContext {
  const context = new DmaFenceContext({ driverName, timelineName: 'unbound', ops }, id);
  context._close(() => invalid(why));
  return context;
}
