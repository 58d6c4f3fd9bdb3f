import type { ParserServicesWithTypeInformation, TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T } from '@typescript-eslint/utils';
import type ts from 'typescript';
import { spell, termOf } from '../analysis/text/syntax.js';
import { DeclaredResources, type Place, type ResourceType } from './declared-resources.js';
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

  readonly #resources: DeclaredResources | undefined;

  /** With `resources`, values of the types that they declare are answered for as fences are. */
  constructor(
    services: ParserServicesWithTypeInformation,
    settings: Settings,
    resources?: DeclaredResources,
  ) {
    this.#resources = resources;
    this.#services = services;
    this.#checker = services.program.getTypeChecker();
    this.#settings = settings;
  }

  typeOf(node: TSESTree.Node): FenceType | undefined {
    const known = this.#types.get(node);
    if (known !== undefined) return known.type;
    const type = guarded(() => this.#typeAt(node));
    this.#types.set(node, { type });
    return type;
  }

  #typeAt(node: TSESTree.Node): FenceType | undefined {
    const type = this.#shape(this.#services.getTypeAtLocation(node), 0);
    if (type?.resource === undefined || this.#resources === undefined) return type;
    if (node.type !== T.CallExpression && node.type !== T.NewExpression) return type;
    return this.#resultType(node, { ...type, resource: type.resource }, this.#resources);
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

  isBorrowedSlot(node: TSESTree.Property | TSESTree.Expression): boolean {
    const answer = guarded(() => {
      if (node.type !== T.Property) {
        const expression = this.#services.esTreeNodeToTSNodeMap.get(node) as ts.Expression;
        const type = this.#checker.getContextualType(expression);
        return type && this.#shape(this.#checker.getNonNullableType(type), 0)?.brand === 'borrowed';
      }
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

  receiverEffect(callee: TSESTree.MemberExpression): 'use' | 'take' | undefined {
    const resources = this.#resources;
    if (resources === undefined) return undefined;
    const { resource, many = false, promise = false } = this.typeOf(callee.object) ?? {};
    const name = spell(callee);
    if (resource === undefined || name === undefined || many || promise) return undefined;
    if (resource.row.usableAfterRelease?.includes(name) === true) return undefined;
    const names = guarded(() => this.#namesOf(this.#services.getSymbolAtLocation(callee.property))) ?? [];
    return resources.takes([...names, `${resource.row.name ?? ''}.${name}`], 'this') ? 'take' : 'use';
  }

  isGiven(fn: TSESTree.Node, index: number): boolean {
    const resources = this.#resources;
    const property = fn.parent;
    if (resources === undefined || property?.type !== T.Property || property.key.type !== T.Identifier)
      return false;
    const key = property.key.name;
    const answer = guarded(() => {
      const object = this.#services.esTreeNodeToTSNodeMap.get(property.parent) as ts.Expression;
      const type = this.#checker.getContextualType(object);
      const symbol = type && this.#checker.getNonNullableType(type).getProperty(key);
      return resources.gives(this.#namesOf(symbol).map((name) => `${name}#${String(index)}`));
    });
    return answer === true;
  }

  /**
   * Notes which methods of a file release a declared resource: to the analysis they are `put()`, whatever their name. A
   * method that only happens to be called as one of core's is not taken for it.
   */
  nameReleases(calls: Iterable<TSESTree.CallExpression>, isCoreMethod: (name: string) => boolean): void {
    for (const { callee } of calls) {
      if (callee.type !== T.MemberExpression) continue;
      const name = spell(callee);
      if (name === undefined) continue;
      const mayRelease = this.#resources?.releaseNames.has(name) === true;
      if (!mayRelease && !isCoreMethod(name)) continue;
      const type = this.typeOf(callee.object);
      if (type?.resource === undefined || type.many || type.promise) continue;
      const isRelease = type.resource.row.release?.includes(name) === true;
      if (isRelease || isCoreMethod(name)) termOf.set(callee, isRelease ? 'put' : `${name}()`);
    }
  }

  /** A call's result counts as a resource where it is surely the caller's to release, or a function of this file says so. */
  #resultType(
    node: TSESTree.CallExpression | TSESTree.NewExpression,
    type: FenceType & { resource: ResourceType },
    resources: DeclaredResources,
  ): FenceType | undefined {
    if (this.#isInArena(node, resources)) return undefined;
    if (node.type === T.NewExpression) return type;
    const call = this.#services.esTreeNodeToTSNodeMap.get(node);
    const signature = this.#checker.getResolvedSignature(call);
    const declaration = signature?.getDeclaration();
    if (signature === undefined || declaration === undefined) return undefined;
    const names = this.#namesOfDeclaration(declaration);
    if (resources.lends(names)) return undefined;
    if (resources.gives(names) || resources.isArena(names)) return { ...type, brand: 'owned' };
    const tags = this.#tags(signature.getJsDocTags()) ?? this.#ownTags(declaration);
    if (tags?.borrowed === true) return { ...type, brand: 'borrowed' };
    if (tags?.acquires === true) return { ...type, brand: 'owned' };
    const written = this.#checker.getSignatureFromDeclaration(declaration)?.getReturnType();
    const isWritten = written !== undefined && this.#shape(written, 0)?.resource !== undefined;
    const place = this.#place(declaration);
    if (isWritten && resources.isHome(type.resource, place)) return { ...type, brand: 'owned' };
    if (declaration.getSourceFile() === call.getSourceFile()) return type;
    // `list.shift()` hands over what the list held; the analysis knows the language's collections.
    return place.isDefault && !isWritten ? type : undefined;
  }

  /** Whether a place lies in a callback whose arena releases everything that is made there. */
  #isInArena(node: TSESTree.Node, resources: DeclaredResources): boolean {
    for (let inner = node; inner.parent; inner = inner.parent) {
      if (inner.type !== T.ArrowFunctionExpression && inner.type !== T.FunctionExpression) continue;
      const { parent } = inner;
      if (parent.type !== T.CallExpression || !parent.arguments.includes(inner)) continue;
      const { callee } = parent;
      const name =
        callee.type === T.MemberExpression ? spell(callee) : callee.type === T.Identifier && callee.name;
      if (typeof name !== 'string' || !resources.isArenaName(name)) continue;
      const signature = this.#checker.getResolvedSignature(this.#services.esTreeNodeToTSNodeMap.get(parent));
      const declaration = signature?.getDeclaration();
      if (declaration !== undefined && resources.isArena(this.#namesOfDeclaration(declaration))) return true;
    }
    return false;
  }

  /** What rows may call a function: its own name, and that with its class or interface before it. */
  #namesOf(symbol: ts.Symbol | undefined): string[] {
    return (symbol?.declarations ?? []).flatMap((one) => this.#namesOfDeclaration(one));
  }

  #namesOfDeclaration(declaration: ts.Node): string[] {
    const named = (node: ts.Node | undefined): string | undefined => {
      const text = (node as { name?: { text?: unknown } } | undefined)?.name?.text;
      return typeof text === 'string' ? text : undefined;
    };
    const outer = named(declaration.parent);
    const own = named(declaration);
    // A constructor has no name: rows write `VideoSample.constructor`.
    if (own === undefined) return outer === undefined ? [] : [`${outer}.constructor`, outer];
    return outer === undefined ? [own] : [`${outer}.${own}`];
  }

  #place(declaration: ts.Node): Place {
    const file = declaration.getSourceFile();
    return {
      file: file.fileName,
      isDefault: this.#services.program.isSourceFileDefaultLibrary(file),
      module: ambientModule(declaration),
    };
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
    const resources = this.#resources;
    const names = resources === undefined ? [] : this.#namesOfDeclaration(declaration);
    const result = resources === undefined ? undefined : this.typeOf(node);
    const isFactory = result?.resource !== undefined && result.brand === 'owned';
    const place = this.#place(declaration);
    const isForeign = file !== call.getSourceFile();
    /** Whether a function looks at a declared resource that it is given: surely where both come from one place. */
    const isMaker = result?.resource !== undefined && resources?.isHome(result.resource, place) === true;
    const looksAt = (index: number): boolean => {
      // `new VideoFrame(image)` makes another one of any image.
      if (isMaker) return true;
      const resource = parameterType(index)?.resource;
      return resource !== undefined && resources?.isHome(resource, place) === true;
    };
    const inFile =
      file === this.#services.program.getSourceFile(file.fileName)
        ? this.#services.tsNodeToESTreeNodeMap.get(declaration)
        : undefined;
    return {
      ours: this.#fileIsOurs(file) || this.#declaredInAmbientModule(declaration),
      builtin:
        !isFactory &&
        (this.#services.program.isSourceFileDefaultLibrary(file) ||
          packageOf(file.fileName) === '@types/node'),
      tags,
      // Of a function elsewhere that is given somebody's resource nothing is known: it may release it.
      parameterType: (index) => {
        const type = parameterType(index);
        return type?.resource !== undefined && isForeign && !looksAt(index) ? undefined : type;
      },
      parameter: (index) => {
        if (resources?.takes(names, String(index)) === true) return 'always';
        const name = at(index)?.name ?? '';
        const consumed = tags?.consumes.get(name);
        if (consumed !== undefined) return consumed;
        const brand = parameterType(index)?.brand;
        if (brand === 'owned') return 'always';
        // A type guard only looks.
        const isLent =
          brand === 'borrowed' || tags?.borrows.has(name) === true || index === guarding || looksAt(index);
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
    const resource = this.#resourceType(symbol, type);
    if (resource !== undefined) return resource;
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

  #resourceType(symbol: ts.Symbol, type: ts.Type): FenceType | undefined {
    if (this.#resources === undefined || wrappers.has(symbol.name)) return undefined;
    const places = (symbol.declarations ?? []).map((one) => this.#place(one));
    const resource = this.#resources.typeNamed(symbol.name, places, (method) => hasMethod(type, method));
    if (resource === undefined) return undefined;
    return {
      entity: 'DmaFence',
      brand: undefined,
      nullable: false,
      promise: false,
      many: false,
      resource,
    };
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
    const name = ambientModule(declaration);
    return name !== undefined && this.#nameIsOurs(name);
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

/** The name of the outermost `declare module '…' { … }` or namespace around a declaration. */
function ambientModule(declaration: ts.Node): string | undefined {
  let found: string | undefined;
  for (
    let node: ts.Node | undefined = declaration;
    node !== undefined;
    node = node.parent as ts.Node | undefined
  ) {
    const name = (node as { name?: { text?: unknown } }).name?.text;
    const body = (node as { body?: { statements?: unknown } }).body;
    if (typeof name === 'string' && Array.isArray(body?.statements)) found = name;
  }
  return found;
}

/** Whether a type has a method, `[Symbol.dispose]` among them. */
function hasMethod(type: ts.Type, name: string): boolean {
  const symbol = /^\[Symbol\.(?<name>\w+)\]$/.exec(name)?.groups?.['name'];
  if (symbol === undefined) return type.getProperty(name) !== undefined;
  return type.getProperties().some((one) => String(one.escapedName).startsWith(`__@${symbol}@`));
}

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
