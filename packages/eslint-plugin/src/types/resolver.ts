import type { TSESTree } from '@typescript-eslint/utils';
import type { ResourceType } from './declared-resources.js';
import type { Consumption, OwnershipTags } from './tags.js';
import { isFenceEntity, type Entity } from './vocabulary.js';

/** What is known of an expression's type: which of core's types it is, and how it is wrapped. */
export interface FenceType {
  readonly entity: Entity;
  /** From `Owned<F>` and `Borrowed<F>`. */
  readonly brand?: 'owned' | 'borrowed' | undefined;
  /** It may also be undefined or null. */
  readonly nullable: boolean;
  /** A promise of it. */
  readonly promise: boolean;
  /** A collection, an iterable or a map of it. */
  readonly many: boolean;
  /** It is no fence, but something that a row of the settings declares; the analysis treats it as one. */
  readonly resource?: ResourceType | undefined;
}

/** What a value is that may be any of these: both sides of a fence have the consumer's in common. */
export function common(types: readonly (FenceType | undefined)[]): FenceType | undefined {
  const [first, ...others] = types;
  let answer = first;
  for (const type of others) {
    if (answer === undefined || type?.promise !== answer.promise || type.many !== answer.many)
      return undefined;
    if (type.resource?.row !== answer.resource?.row) return undefined;
    const isSame = type.entity === answer.entity;
    if (!isSame && !(isFenceEntity(type.entity) && isFenceEntity(answer.entity))) return undefined;
    answer = {
      ...answer,
      entity: isSame ? answer.entity : 'DmaFence',
      brand: type.brand === answer.brand ? answer.brand : undefined,
      nullable: answer.nullable || type.nullable,
    };
  }
  return answer;
}

/** What the declaration of a called function says. */
export interface Contract {
  /** Declared by `@dma-fence/core` or a package the settings name. */
  readonly ours: boolean;
  /** Declared by the language or the platform. */
  readonly builtin: boolean;
  /** What becomes of the argument at this position; undefined when nothing is said. */
  readonly parameter: (index: number) => Consumption | 'borrows' | undefined;
  /** The declared type of the parameter at this position, where it is one of core's; not what a type parameter stands for. */
  readonly parameterType: (index: number) => FenceType | undefined;
  readonly tags: OwnershipTags | undefined;
  /** The result is what a type parameter stands for, so it says nothing about ownership. */
  readonly generic: boolean;
  /** The call never returns. */
  readonly never: boolean;
  /** The call returns only when this argument is true. */
  readonly asserts: number | undefined;
  /** The function in this file that the call runs. */
  readonly declaration: TSESTree.Node | undefined;
}

/**
 * Answers questions about names and types: with the type checker (`checker-resolver`), or from imports and
 * annotations alone (`import-resolver`). Nothing else in the plugin asks either.
 */
export interface Resolver {
  readonly typed: boolean;
  /** Which of core's types an expression or a declared name has; undefined: none of them. */
  typeOf(node: TSESTree.Node): FenceType | undefined;
  /** The name under which core exports what this identifier or member refers to. */
  exportedName(node: TSESTree.Node): string | undefined;
  /** What the callee's declaration says; undefined when nothing is known of it. */
  contract(node: TSESTree.CallExpression | TSESTree.NewExpression): Contract | undefined;
  /** Whether a property is declared `@borrowed`, or declared by core, whose properties never own. */
  isBorrowedProperty(node: TSESTree.MemberExpression): boolean;
  /** Whether a property of an object literal, or an expression, stands where a `@borrowed` or `Borrowed` one is wanted. */
  isBorrowedSlot(node: TSESTree.Property | TSESTree.Expression): boolean;
  /** The name of the class or interface that an expression's type is. */
  typeName(node: TSESTree.Node): string | undefined;
  /** Whether a switch without a default has a case for every value. */
  isExhaustive(node: TSESTree.SwitchStatement): boolean;
  /** Whether an inline function is handed to one of core's own parameters (callbacks and exporter's ops). */
  isCoreCallback(node: TSESTree.Node): boolean;
  /** Whether an inline function stands where one is wanted that only lends its result. */
  isLender(node: TSESTree.Node): boolean;
  /** What a method that is no fence's does with the declared resource it is called on. */
  receiverEffect(callee: TSESTree.MemberExpression): 'use' | 'take' | undefined;
  /** Whether a function's parameter is handed over by whoever calls it back. */
  isGiven(fn: TSESTree.Node, index: number): boolean;
}
