import type { ParserServicesWithTypeInformation, TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type ts from 'typescript';
import { packageOf } from './package-of.js';
import { common, type Contract, type FenceType, type Resolver } from './resolver.js';
import type { Settings } from './settings.js';
import { parseTags, readTags, type OwnershipTags } from './tags.js';
import { isEntity, type Entity } from './vocabulary.js';

/** `ts.SymbolFlags.Alias`: the compiler itself is never imported at run time. */
const aliasFlag = 2_097_152;
const depthLimit = 8;

/** Answers from the type checker; every question that makes the checker throw is answered with "not known". */
export class CheckerResolver implements Resolver {
  readonly typed = true;
  readonly #services: ParserServicesWithTypeInformation;
  readonly #checker: ts.TypeChecker;
  readonly #settings: Settings;
  readonly #shapes = new WeakMap<ts.Type, { shape: FenceType | undefined }>();
  readonly #types = new WeakMap<TSESTree.Node, { type: FenceType | undefined }>();
  readonly #contracts = new WeakMap<TSESTree.Node, { contract: Contract | undefined }>();

  constructor(services: ParserServicesWithTypeInformation, settings: Settings) {
    this.#services = services;
    this.#checker = services.program.getTypeChecker();
    this.#settings = settings;
  }

  typeOf(node: TSESTree.Node): FenceType | undefined {
    const known = this.#types.get(node);
    if (known !== undefined) return known.type;
    const type = guarded(() => this.#shape(this.#services.getTypeAtLocation(node), 0));
    this.#types.set(node, { type });
    return type;
  }

  exportedName(node: TSESTree.Node): string | undefined {
    return guarded(() => {
      const symbol = this.#resolved(this.#services.getSymbolAtLocation(node));
      return symbol !== undefined && this.#isOurs(symbol) ? symbol.name : undefined;
    });
  }

  contract(node: TSESTree.CallExpression | TSESTree.NewExpression): Contract | undefined {
    const known = this.#contracts.get(node);
    if (known !== undefined) return known.contract;
    const contract = guarded(() => this.#contract(node));
    this.#contracts.set(node, { contract });
    return contract;
  }

  isBorrowedProperty(node: TSESTree.MemberExpression): boolean {
    const answer = guarded(() => {
      const symbol = this.#services.getSymbolAtLocation(node.property);
      if (symbol === undefined) return false;
      // Core's own classes do own what is in their fields.
      const isOwnField = node.object.type === T.ThisExpression;
      return (
        (!isOwnField && this.#isOurs(symbol) && !isRecordData(symbol)) ||
        this.#tags(symbol.getJsDocTags(this.#checker))?.borrowed === true
      );
    });
    return answer === true;
  }

  isBorrowedSlot(node: TSESTree.Property): boolean {
    const answer = guarded(() => {
      if (node.key.type !== T.Identifier || node.parent.type !== T.ObjectExpression) return false;
      const object = this.#services.esTreeNodeToTSNodeMap.get(node.parent);
      const type = this.#checker.getContextualType(object);
      const symbol = type && this.#checker.getNonNullableType(type).getProperty(node.key.name);
      if (symbol === undefined) return false;
      const declared = this.#shape(this.#checker.getTypeOfSymbolAtLocation(symbol, object), 0);
      return (
        declared?.brand === 'borrowed' || this.#tags(symbol.getJsDocTags(this.#checker))?.borrowed === true
      );
    });
    return answer === true;
  }

  typeName(node: TSESTree.Node): string | undefined {
    return guarded(
      () => this.#checker.getNonNullableType(this.#services.getTypeAtLocation(node)).getSymbol()?.name,
    );
  }

  isExhaustive(node: TSESTree.SwitchStatement): boolean {
    const answer = guarded(() => {
      const type = this.#services.getTypeAtLocation(node.discriminant);
      const wanted = type.isUnion() ? type.types : [type];
      if (!wanted.every((one) => isUnit(one))) return false;
      const given = new Set<ts.Type>();
      for (const { test } of node.cases)
        if (test !== null) given.add(this.#regular(this.#services.getTypeAtLocation(test)));
      return wanted.every((one) => given.has(this.#regular(one)));
    });
    return answer === true;
  }

  isCoreCallback(node: TSESTree.Node): boolean {
    const answer = guarded(() => {
      const { parent } = node;
      if (parent?.type === T.Property) return this.#isCoreProperty(parent);
      const expression = this.#services.esTreeNodeToTSNodeMap.get(node) as ts.Expression;
      const type = this.#checker.getContextualType(expression);
      const parts = type?.isUnion() === true ? type.types : [type];
      return parts.some((part) => part !== undefined && this.#isCoreFunction(part));
    });
    return answer === true;
  }

  isLender(node: TSESTree.Node): boolean {
    if (node.type !== T.ArrowFunctionExpression && node.type !== T.FunctionExpression) return false;
    const answer = guarded(() => {
      const expression = this.#services.esTreeNodeToTSNodeMap.get(node) as ts.Expression;
      const [signature] = this.#checker.getContextualType(expression)?.getCallSignatures() ?? [];
      return signature && this.#shape(signature.getReturnType(), 0)?.brand === 'borrowed';
    });
    return answer === true;
  }

  /** A method of an object literal that stands where one of core's interfaces is wanted. */
  #isCoreProperty(property: TSESTree.Property): boolean {
    if (property.key.type !== T.Identifier) return false;
    const object = this.#services.esTreeNodeToTSNodeMap.get(property.parent) as ts.Expression;
    const type = this.#checker.getContextualType(object);
    const symbol = type && this.#checker.getNonNullableType(type).getProperty(property.key.name);
    return symbol !== undefined && this.#isOurs(symbol);
  }

  #isCoreFunction(type: ts.Type): boolean {
    return type
      .getCallSignatures()
      .some((one) => this.#fileIsOurs((one.getDeclaration() as ts.Node | undefined)?.getSourceFile()));
  }

  #contract(node: TSESTree.CallExpression | TSESTree.NewExpression): Contract | undefined {
    const call = this.#services.esTreeNodeToTSNodeMap.get(node);
    const signature = this.#checker.getResolvedSignature(call);
    // The checker's type says a declaration is always there; for synthesized signatures it is not.
    const declaration = signature?.getDeclaration();
    if (signature === undefined || declaration === undefined) return undefined;
    const file = declaration.getSourceFile();
    const tags = this.#tags(signature.getJsDocTags()) ?? this.#ownTags(declaration);
    const parameters = signature.getParameters();
    const written = this.#checker.getSignatureFromDeclaration(declaration)?.getParameters() ?? parameters;
    const at = (index: number): ts.Symbol | undefined => written[Math.min(index, written.length - 1)];
    const parameterType = (index: number): FenceType | undefined =>
      guarded(() => {
        const parameter = at(index);
        const type = parameter && this.#checker.getTypeOfSymbolAtLocation(parameter, call);
        // `track<F extends DmaFence>(fence: F): F` may well give back what it was given.
        const isPassedOn = type?.isTypeParameter() === true && isGeneric;
        return type === undefined || isPassedOn ? undefined : this.#shape(type, 0);
      });
    const isGeneric =
      guarded(() =>
        this.#checker.getSignatureFromDeclaration(declaration)?.getReturnType().isTypeParameter(),
      ) === true;
    const guarding = this.#checker.getTypePredicateOfSignature(signature)?.parameterIndex;
    const inFile =
      file === this.#services.program.getSourceFile(file.fileName)
        ? this.#services.tsNodeToESTreeNodeMap.get(declaration)
        : undefined;
    return {
      ours: this.#fileIsOurs(file) || this.#declaredInAmbientModule(declaration),
      builtin:
        this.#services.program.isSourceFileDefaultLibrary(file) || packageOf(file.fileName) === '@types/node',
      tags,
      parameterType,
      parameter: (index) => {
        const name = at(index)?.name ?? '';
        const consumed = tags?.consumes.get(name);
        if (consumed !== undefined) return consumed;
        const brand = parameterType(index)?.brand;
        if (brand === 'owned') return 'always';
        // A type guard only looks.
        const isLent = brand === 'borrowed' || tags?.borrows.has(name) === true || index === guarding;
        return isLent ? 'borrows' : undefined;
      },
      generic: isGeneric,
      never: (signature.getReturnType() as { intrinsicName?: string }).intrinsicName === 'never',
      asserts: this.#asserts(signature),
      declaration: inFile,
    };
  }

  #asserts(signature: ts.Signature): number | undefined {
    const predicate = this.#checker.getTypePredicateOfSignature(signature);
    // `asserts x` without a type is what `assert(condition)` declares.
    if (predicate === undefined || predicate.type !== undefined) return undefined;
    return predicate.parameterIndex;
  }

  /** Tags on the variable or property whose initialiser is the function that is called. */
  #ownTags(declaration: ts.SignatureDeclaration): OwnershipTags | undefined {
    const symbol = (declaration.parent as (ts.Node & { symbol?: ts.Symbol }) | undefined)?.symbol;
    return (symbol && this.#tags(symbol.getJsDocTags(this.#checker))) ?? inlineTags(declaration);
  }

  #tags(tags: readonly ts.JSDocTagInfo[]): OwnershipTags | undefined {
    return readTags(
      tags.map((tag) => ({ name: tag.name, text: (tag.text ?? []).map((part) => part.text).join('') })),
    );
  }

  #shape(type: ts.Type, depth: number): FenceType | undefined {
    if (depth > depthLimit) return undefined;
    const known = this.#shapes.get(type);
    if (known !== undefined) return known.shape;
    // Recursive types meet their own empty answer.
    this.#shapes.set(type, { shape: undefined });
    const shape = this.#computeShape(type, depth);
    this.#shapes.set(type, { shape });
    return shape;
  }

  #computeShape(type: ts.Type, depth: number): FenceType | undefined {
    if (type.isUnion()) {
      const parts = type.types.filter((part) => !isNothing(part));
      const shape = common(parts.map((part) => this.#shape(part, depth + 1)));
      return shape && { ...shape, nullable: shape.nullable || parts.length < type.types.length };
    }
    if (type.isIntersection()) {
      for (const part of type.types) {
        const shape = this.#shape(part, depth + 1);
        if (shape !== undefined) return { ...shape, brand: brandOf(type) ?? shape.brand };
      }
      return undefined;
    }
    if (type.isTypeParameter()) {
      const constraint = this.#checker.getBaseConstraintOfType(type);
      return constraint === undefined || constraint === type ? undefined : this.#shape(constraint, depth + 1);
    }
    return this.#named(type, depth);
  }

  /** A class, an interface, or one of the language's wrappers around a type. */
  #named(type: ts.Type, depth: number): FenceType | undefined {
    const symbol = type.getSymbol();
    if (symbol === undefined) return undefined;
    const entity = this.#entity(symbol);
    if (entity !== undefined)
      return { entity, brand: undefined, nullable: false, promise: false, many: false };
    const wrapper = wrappers.get(symbol.name);
    if (wrapper !== undefined) {
      const inner = this.#checker.getTypeArguments(type as ts.TypeReference).at(wrapper === 'last' ? -1 : 0);
      const shape = inner && this.#shape(inner, depth + 1);
      if (shape === undefined) return undefined;
      return wrapper === 'promise' ? { ...shape, promise: true } : { ...shape, many: true };
    }
    const declared = type.isClassOrInterface() ? type : (type as { target?: ts.Type }).target;
    for (const base of declared?.getBaseTypes() ?? []) {
      const shape = this.#shape(base, depth + 1);
      if (shape !== undefined && !shape.many && !shape.promise) return shape;
    }
    return undefined;
  }

  #entity(symbol: ts.Symbol): Entity | undefined {
    for (const extra of this.#settings.fenceTypes) {
      if (extra.name === symbol.name && this.#declaredIn(symbol, extra.package)) return extra.as;
    }
    return isEntity(symbol.name) && this.#isOurs(symbol) ? symbol.name : undefined;
  }

  #declaredIn(symbol: ts.Symbol, name: string): boolean {
    return (symbol.declarations ?? []).some((one) => packageOf(one.getSourceFile().fileName) === name);
  }

  #isOurs(symbol: ts.Symbol): boolean {
    return (symbol.declarations ?? []).some(
      (one) => this.#fileIsOurs(one.getSourceFile()) || this.#declaredInAmbientModule(one),
    );
  }

  /** `declare module '@dma-fence/core' { … }`. */
  #declaredInAmbientModule(declaration: ts.Node): boolean {
    for (
      let node: ts.Node | undefined = declaration;
      node !== undefined;
      node = node.parent as ts.Node | undefined
    ) {
      const name = (node as { name?: { text?: unknown } }).name?.text;
      const body = (node as { body?: { statements?: unknown } }).body;
      if (typeof name === 'string' && body?.statements !== undefined && this.#nameIsOurs(name)) return true;
    }
    return false;
  }

  #fileIsOurs(file: ts.SourceFile | undefined): boolean {
    const name = file && packageOf(file.fileName);
    return name !== undefined && this.#settings.packages.has(name);
  }

  #nameIsOurs(specifier: string): boolean {
    return [...this.#settings.packages].some(
      (name) => specifier === name || specifier.startsWith(`${name}/`),
    );
  }

  #resolved(symbol: ts.Symbol | undefined): ts.Symbol | undefined {
    if (symbol === undefined) return undefined;
    return (symbol.flags & aliasFlag) === 0 ? symbol : this.#checker.getAliasedSymbol(symbol);
  }

  /** Literal types come fresh and regular; both mean the same value. */
  #regular(type: ts.Type): ts.Type {
    return (type as ts.Type & { regularType?: ts.Type }).regularType ?? type;
  }
}

const wrappers: ReadonlyMap<string, 'promise' | 'first' | 'last'> = new Map([
  ['Promise', 'promise'],
  ['PromiseLike', 'promise'],
  ['Array', 'first'],
  ['ReadonlyArray', 'first'],
  ['Set', 'first'],
  ['ReadonlySet', 'first'],
  ['Map', 'last'],
  ['ReadonlyMap', 'last'],
  ['Iterable', 'first'],
  ['Iterator', 'first'],
  ['IterableIterator', 'first'],
  ['IteratorObject', 'first'],
  ['ArrayIterator', 'first'],
  ['SetIterator', 'first'],
  ['MapIterator', 'first'],
  ['Generator', 'first'],
  ['AsyncIterable', 'first'],
  ['AsyncGenerator', 'first'],
]);

function isNothing(type: ts.Type): boolean {
  const name = (type as { intrinsicName?: string }).intrinsicName;
  return name === 'undefined' || name === 'null' || name === 'void';
}

/** A doc comment: a comment on the line of the brace, which the compiler leaves unread. */
function inlineTags(declaration: ts.SignatureDeclaration): OwnershipTags | undefined {
  const before = declaration.getFullText().slice(0, declaration.getStart() - declaration.getFullStart());
  if (!before.includes('@')) return undefined;
  const comment = /\/\*\*(?<text>(?:(?!\*\/)[\s\S])*)\*\/\s*$/.exec(before)?.groups?.['text'];
  return comment === undefined ? undefined : readTags(parseTags(comment));
}

/** A type of exactly one value: a literal, an enum member, true, false, undefined, null. */
function isUnit(type: ts.Type): boolean {
  const name = (type as { intrinsicName?: string }).intrinsicName;
  return type.isLiteral() || name === 'true' || name === 'false' || isNothing(type);
}

/** `Owned` and `Borrowed` add an optional property keyed by a unique symbol of that name. */
function brandOf(type: ts.IntersectionType): 'owned' | 'borrowed' | undefined {
  for (const part of type.types) {
    for (const property of part.getProperties()) {
      const name = String(property.escapedName);
      if (name.startsWith('__@owned')) return 'owned';
      if (name.startsWith('__@borrowed')) return 'borrowed';
    }
    // A part with many properties is the fence itself.
  }
  const alias = type.aliasSymbol?.name;
  if (alias === 'Owned') return 'owned';
  return alias === 'Borrowed' ? 'borrowed' : undefined;
}

/** The checker overflows its stack on some recursive types; a lint run must survive that. */
function guarded<R>(question: () => R): R | undefined {
  try {
    return question();
  } catch {
    return undefined;
  }
}

/** What a `FenceCallback` was made with: core keeps it, and leaves it to whoever made the record. */
function isRecordData(symbol: ts.Symbol): boolean {
  const owner = symbol.declarations?.[0]?.parent as (ts.Node & { name?: ts.Identifier }) | undefined;
  return symbol.name === 'data' && owner?.name?.text === 'FenceCallback';
}
