import { diag } from '@opentelemetry/api';
import { SCOPE_NAME } from './names.js';

/** A user's hook that cannot throw: it goes to OpenTelemetry's `diag`, and `otherwise` is the answer. */
export function guarded<A extends unknown[], R>(
  name: string,
  hook: ((...args: A) => R) | undefined,
  otherwise: R,
): ((...args: A) => R) | undefined {
  if (hook === undefined) return undefined;
  return (...args) => {
    try {
      return hook(...args);
    } catch (error) {
      diag.error(`${SCOPE_NAME}: ${name}() threw`, error);
      return otherwise;
    }
  };
}
