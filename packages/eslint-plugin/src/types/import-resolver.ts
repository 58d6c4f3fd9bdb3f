import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type { Names } from '../analysis/text/names.js';
import type { FunctionNode } from '../analysis/text/syntax.js';
import { docTags } from './doc-comment.js';
import { common, type Contract, type FenceType, type Resolver } from './resolver.js';
import type { Settings } from './settings.js';
import { functionResults, isEntity, methodResults, quietMethods, type Entity } from './vocabulary.js';

/**
 * Answers without a type checker: what is imported from the package, what such imports return, and annotations
 * that name its types. Knows nothing that stands in another file.
 */
export class ImportResolver implements Resolver {
  readonly typed = false;
  readonly #names: Names;
  readonly #settings: Settings;
  readonly #asked = new Map<TSESTree.Node, FenceType | undefined>();

  constructor(names: Names, settings: Settings) {
    this.#names = names;
    this.#settings = settings;
  }

  typeOf(node: TSESTree.Node): FenceType | undefined {
    if (this.#asked.has(node)) return this.#asked.get(node);
    // A question that comes back to itself (`let a = b; let b = a`) finds this empty answer.
    this.#asked.set(node, undefined);
    const type = this.#typeOf(node);
    this.#asked.set(node, type);
    return type;
  }

  exportedName(node: TSESTree.Node): string | undefined {
    if (node.type === T.MemberExpression) {
      const { object, property } = node;
      const isNamespace = object.type === T.Identifier && this.#imported(object) === '*';
      return isNamespace && property.type === T.Identifier ? property.name : undefined;
    }
    const name = node.type === T.Identifier ? this.#imported(node) : undefined;
    return name === '*' ? undefined : name;
  }

  contract(node: TSESTree.CallExpression | TSESTree.NewExpression): Contract | undefined {
    const { callee } = node;
    const declaration = callee.type === T.Identifier ? this.#names.functionNamed(callee) : undefined;
    const tags = declaration && docTags(this.#names.sourceCode, declaration);
    const parameterAt = (index: number): TSESTree.Parameter | undefined =>
      declaration?.params[Math.min(index, declaration.params.length - 1)];
    const receiver = callee.type === T.MemberExpression ? this.typeOf(callee.object) : undefined;
    const isFenceMethod = receiver !== undefined && !receiver.many && !receiver.promise;
    const ours = isFenceMethod || this.exportedName(callee) !== undefined;
    // Of an object whose type is not written here, `push` may be anything.
    const builtin =
      callee.type === T.MemberExpression &&
      ((callee.object.type === T.Identifier && callee.object.name === 'console') ||
        (callee.property.type === T.Identifier &&
          quietMethods.has(callee.property.name) &&
          (receiver?.many === true || /^(?:Array|Map|Set)$/.test(this.typeName(callee.object) ?? ''))));
    return {
      ours,
      builtin,
      tags,
      parameter: (index) => {
        const parameter = parameterAt(index);
        const name = parameter?.type === T.Identifier ? parameter.name : '';
        const consumed = tags?.consumes.get(name);
        if (consumed !== undefined) return consumed;
        const brand = parameter && this.typeOf(parameter)?.brand;
        if (brand === 'owned') return 'always';
        return brand === 'borrowed' || tags?.borrows.has(name) === true ? 'borrows' : undefined;
      },
      parameterType: (index) => {
        const parameter = parameterAt(index);
        return parameter && this.typeOf(parameter);
      },
      generic: false,
      never: declaration?.returnType?.typeAnnotation.type === T.TSNeverKeyword,
      asserts: this.#asserted(callee, declaration),
      declaration,
    };
  }

  /** A function that is only declared here, without a body, says by its type that it asserts. */
  #asserted(callee: TSESTree.Node, declaration: FunctionNode | undefined): number | undefined {
    const node =
      declaration ?? (callee.type === T.Identifier ? this.#names.variable(callee)?.defs[0]?.node : undefined);
    return node !== undefined && (node === declaration || node.type === T.TSDeclareFunction)
      ? assertedParameter(node as FunctionNode)
      : undefined;
  }

  isBorrowedProperty(): boolean {
    return false;
  }

  isBorrowedSlot(): boolean {
    return false;
  }

  typeName(node: TSESTree.Node): string | undefined {
    const variable = node.type === T.Identifier ? this.#names.variable(node) : undefined;
    const declarator = variable?.defs[0]?.node;
    if (declarator?.type !== T.VariableDeclarator || declarator.init?.type !== T.NewExpression)
      return undefined;
    return declarator.init.callee.type === T.Identifier ? declarator.init.callee.name : undefined;
  }

  isExhaustive(): boolean {
    // Without types no switch is known to have a case for every value, nor to lack one: silence is the safe side.
    return true;
  }

  receiverEffect(): undefined {
    return undefined;
  }

  isGiven(): boolean {
    return false;
  }

  isLender(): boolean {
    return false;
  }

  isCoreCallback(node: TSESTree.Node): boolean {
    const { parent } = node;
    if (!parent) return false;
    if (parent.type === T.NewExpression) return this.exportedName(parent.callee) === 'FenceCallback';
    if (parent.type !== T.CallExpression || parent.callee.type !== T.MemberExpression) return false;
    const { object, property } = parent.callee;
    if (property.type !== T.Identifier || property.name !== 'addCallback') return false;
    const entity = this.typeOf(object)?.entity;
    return entity === 'DmaFence' || entity === 'DriverFence';
  }

  #imported(identifier: TSESTree.Identifier): string | undefined {
    const found = this.#names.importOf(identifier);
    if (found === undefined) return undefined;
    for (const name of this.#settings.packages) {
      if (found.source === name || found.source.startsWith(`${name}/`)) return found.name;
    }
    return undefined;
  }

  #typeOf(node: TSESTree.Node): FenceType | undefined {
    switch (node.type) {
      case T.ChainExpression:
      case T.TSNonNullExpression:
        return this.typeOf(node.expression);
      case T.TSAsExpression:
      case T.TSSatisfiesExpression:
        return this.#annotation(node.typeAnnotation) ?? this.typeOf(node.expression);
      case T.AwaitExpression: {
        const type = this.typeOf(node.argument);
        return type && { ...type, promise: false };
      }
      case T.AssignmentPattern:
        return this.typeOf(node.left);
      case T.Identifier:
        return this.#identifier(node);
      case T.NewExpression: {
        const name = this.exportedName(node.callee);
        return name !== undefined && isEntity(name) ? plain(name) : undefined;
      }
      case T.CallExpression:
        return this.#call(node);
      default:
        return undefined;
    }
  }

  #identifier(node: TSESTree.Identifier): FenceType | undefined {
    if (node.typeAnnotation) return this.#annotation(node.typeAnnotation.typeAnnotation);
    const variable = this.#names.variable(node);
    const definition = variable?.defs[0];
    if (definition === undefined) return undefined;
    const { name } = definition;
    if (name !== node && name.type === T.Identifier && name.typeAnnotation) {
      return this.#annotation(name.typeAnnotation.typeAnnotation);
    }
    const declarator = definition.node;
    if (declarator.type !== T.VariableDeclarator || declarator.id.type !== T.Identifier) return undefined;
    if (declarator.init !== null) return this.typeOf(declarator.init);
    const loop = declarator.parent.parent;
    if (loop.type !== T.ForOfStatement || loop.left !== declarator.parent) return undefined;
    const many = this.typeOf(loop.right);
    return many?.many === true ? { ...many, many: false } : undefined;
  }

  #call(node: TSESTree.CallExpression): FenceType | undefined {
    const { callee } = node;
    const name = this.exportedName(callee);
    if (name !== undefined) {
      const result = Object.hasOwn(functionResults, name) ? functionResults[name] : undefined;
      return (
        result && { ...plain(result.entity), promise: result.promise ?? false, many: result.many ?? false }
      );
    }
    if (callee.type === T.MemberExpression && callee.property.type === T.Identifier && !callee.computed) {
      const receiver = this.typeOf(callee.object);
      if (receiver === undefined || receiver.promise || receiver.many) return undefined;
      const methods = methodResults[receiver.entity] ?? {};
      const inherited = receiver.entity === 'DriverFence' ? methodResults.DmaFence : undefined;
      const result = methods[callee.property.name] ?? inherited?.[callee.property.name];
      if (result === undefined) return undefined;
      const nullable = (result.nullable ?? false) || (callee.optional && receiver.nullable);
      return {
        ...plain(result.entity),
        nullable,
        promise: result.promise ?? false,
        many: result.many ?? false,
      };
    }
    if (callee.type !== T.Identifier) return undefined;
    const declaration = this.#names.functionNamed(callee);
    // Under oxlint what is not written is null, and not undefined.
    return declaration?.returnType ? this.#annotation(declaration.returnType.typeAnnotation) : undefined;
  }

  #annotation(node: TSESTree.TypeNode): FenceType | undefined {
    if (node.type === T.TSUnionType) {
      const parts = node.types.filter(
        (part) => part.type !== T.TSUndefinedKeyword && part.type !== T.TSNullKeyword,
      );
      const type = common(parts.map((part) => this.#annotation(part)));
      return type && { ...type, nullable: type.nullable || parts.length < node.types.length };
    }
    if (node.type === T.TSTypeOperator && node.operator === 'readonly' && node.typeAnnotation)
      return this.#annotation(node.typeAnnotation);
    if (node.type === T.TSArrayType) {
      const type = this.#annotation(node.elementType);
      return type && { ...type, many: true };
    }
    if (node.type !== T.TSTypeReference || node.typeName.type !== T.Identifier) return undefined;
    const name = this.#imported(node.typeName);
    const argument = node.typeArguments?.params[0];
    if (name === 'Owned' || name === 'Borrowed') {
      const inner = (argument && this.#annotation(argument)) ?? plain('DmaFence');
      return { ...inner, brand: name === 'Owned' ? 'owned' : 'borrowed' };
    }
    if (name !== undefined && isEntity(name)) return plain(name);
    if (argument === undefined) return undefined;
    const wrapped = node.typeName.name;
    const inner = this.#annotation(argument);
    if (inner !== undefined && wrapped === 'Promise') return { ...inner, promise: true };
    return inner !== undefined && /^(?:Readonly)?(?:Array|Set)$|^Iterable$/.test(wrapped)
      ? { ...inner, many: true }
      : undefined;
  }
}

function plain(entity: Entity): FenceType {
  return { entity, brand: undefined, nullable: false, promise: false, many: false };
}

/** `asserts condition`: the position of that parameter. */
function assertedParameter({ params, returnType }: FunctionNode): number | undefined {
  const type = returnType?.typeAnnotation;
  if (type?.type !== T.TSTypePredicate || !type.asserts || type.typeAnnotation !== null) return undefined;
  const { parameterName } = type;
  if (parameterName.type !== T.Identifier) return undefined;
  const index = params.findIndex((one) => one.type === T.Identifier && one.name === parameterName.name);
  return index < 0 ? undefined : index;
}
