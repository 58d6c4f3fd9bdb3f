import type { FenceType } from '../../types/resolver.js';
import type { FunctionNode, Node } from '../text/syntax.js';

/**
 * Where a fence that nobody here owns was read from. `library` is what core lends for certain (a callback's
 * argument, an iterated leaf); `outer` is a variable of a function around this one, whose owner is not known here.
 */
export type Origin = 'parameter' | 'property' | 'element' | 'library' | 'outer' | 'unknown';

/** What the analysis knows of a value at one point of one path. */
export type Value =
  | { readonly kind: 'unknown' }
  /** undefined or null. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'constant'; readonly value: unknown }
  /** One of a few constants: the state of a loop that a switch decides. */
  | { readonly kind: 'one of'; readonly values: readonly unknown[] }
  /** A number that is 1 or more: how many a container made here holds. */
  | { readonly kind: 'some' }
  | FenceValue
  /** A section, a lock or an acquire context; `reference` is its entry in the state. */
  | { readonly kind: 'guard'; readonly reference: string }
  /** A function, or a `FenceCallback` record around one. */
  | { readonly kind: 'closure'; readonly node: FunctionNode; readonly record: boolean }
  /** An array, map, set, object or stack made in this function. */
  | {
      readonly kind: 'container';
      readonly id: string;
      /** It stands in another container that is gone through: what is read from it stays there. */
      readonly inside?: true;
    }
  | { readonly kind: 'promise'; readonly of: FenceType; readonly call: Node }
  /** Several of one reference's holders: the collection a fence is read from. */
  | {
      readonly kind: 'many';
      readonly origin: Origin;
      readonly path: string | undefined;
      readonly node: Node;
    };

/** Something that is a fence, or that is one if its type says so (`checked` false: the type was not asked yet). */
export interface FenceValue {
  readonly kind: 'fence';
  /** The fence itself; references on the same object have the same one. */
  readonly object: string;
  /** The reference this value carries, if it carries one. */
  readonly reference: string | undefined;
  readonly origin: Origin;
  /** The chain of names it was read from. */
  readonly path: string | undefined;
  /** Where it was read or acquired. */
  readonly node: Node;
  readonly checked: boolean;
}

/** Whether references may hang on a value. */
export function isOwner({ kind }: Value): boolean {
  return kind === 'fence' || kind === 'container' || kind === 'guard';
}

export const unknown: Value = { kind: 'unknown' };
export const nothing: Value = { kind: 'nothing' };
export const some: Value = { kind: 'some' };

export function constant(value: unknown): Value {
  return { kind: 'constant', value };
}

const mostConstants = 16;

/** What stands for two values of which none is an owner; undefined: that is not known. */
export function either(one: Value, two: Value): Value | undefined {
  const values = constantsOf(one);
  const others = constantsOf(two);
  if (values === undefined || others === undefined) return undefined;
  const more = others.filter((value) => !values.includes(value));
  if (more.length === 0) return one;
  return values.length + more.length > mostConstants
    ? undefined
    : { kind: 'one of', values: [...values, ...more] };
}

/** The constants that a value may be; undefined: it may be anything. */
export function constantsOf(value: Value): readonly unknown[] | undefined {
  if (value.kind === 'constant') return [value.value];
  return value.kind === 'one of' ? value.values : undefined;
}

/** What a value counts as in a condition; undefined when it may be either. */
export function truthiness(value: Value): boolean | undefined {
  switch (value.kind) {
    case 'nothing':
      return false;
    case 'constant':
      return Boolean(value.value);
    case 'one of':
      return value.values.every(Boolean) ? true : value.values.some(Boolean) ? undefined : false;
    case 'fence':
      return value.reference === undefined ? undefined : true;
    case 'some':
    case 'guard':
    case 'closure':
    case 'container':
    case 'promise':
      return true;
    default:
      return undefined;
  }
}

/** A key under which equal values meet; constants are left out of it, since they do not own anything. */
export function valueKey(value: Value): string {
  switch (value.kind) {
    case 'fence':
      return `f${value.object}/${value.reference ?? ''}`;
    case 'guard':
      return `g${value.reference}`;
    case 'closure':
      return `c${String(value.node.range[0])}`;
    case 'container':
      return `l${value.id}`;
    case 'promise':
      return `p${String(value.call.range[0])}`;
    case 'many':
      return `m${value.path ?? ''}`;
    default:
      return '';
  }
}
