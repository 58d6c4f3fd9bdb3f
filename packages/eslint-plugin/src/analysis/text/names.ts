import type { TSESTree } from '@typescript-eslint/utils';
import { AST_NODE_TYPES as T, TSESLint } from '@typescript-eslint/utils';
import { isFunction, memberName, unwrapped, type FunctionNode } from './syntax.js';

export type Variable = TSESLint.Scope.Variable;

/** Who an identifier of a file is: its variable, where that was imported from, the function it names. */
export class Names {
  readonly sourceCode: Readonly<TSESLint.SourceCode>;
  readonly #variables = new Map<TSESTree.Node, Variable>();
  readonly #functions = new Map<Variable, FunctionNode | undefined>();

  constructor(sourceCode: Readonly<TSESLint.SourceCode>) {
    this.sourceCode = sourceCode;
    for (const scope of sourceCode.scopeManager?.scopes ?? []) {
      for (const variable of scope.variables) {
        for (const identifier of variable.identifiers) this.#variables.set(identifier, variable);
      }
      for (const reference of scope.references) {
        if (reference.resolved !== null) this.#variables.set(reference.identifier, reference.resolved);
      }
    }
  }

  /** The variable that an identifier declares, reads or writes; undefined for globals and property names. */
  variable(identifier: TSESTree.Node): Variable | undefined {
    return this.#variables.get(identifier);
  }

  /** Every variable of the file. */
  *declared(): Generator<Variable> {
    for (const scope of this.sourceCode.scopeManager?.scopes ?? []) yield* scope.variables;
  }

  /** The module and exported name an identifier was imported from; `*` for a namespace. */
  importOf(identifier: TSESTree.Identifier): { source: string; name: string } | undefined {
    for (const { node, parent } of this.variable(identifier)?.defs ?? []) {
      if (parent?.type !== T.ImportDeclaration) continue;
      const source = parent.source.value;
      if (node.type === T.ImportNamespaceSpecifier) return { source, name: '*' };
      if (node.type === T.ImportDefaultSpecifier) return { source, name: 'default' };
      if (node.type !== T.ImportSpecifier) continue;
      return { source, name: node.imported.type === T.Identifier ? node.imported.name : node.imported.value };
    }
    return undefined;
  }

  /** The function that an identifier always stands for: a declaration, or a `const` that is initialised with one. */
  functionNamed(identifier: TSESTree.Identifier): FunctionNode | undefined {
    const variable = this.variable(identifier);
    if (variable === undefined) return undefined;
    if (!this.#functions.has(variable)) this.#functions.set(variable, functionOf(variable));
    return this.#functions.get(variable);
  }

  /** Whether a name is a parameter of a function. */
  isParameter(identifier: TSESTree.Node): boolean {
    return this.variable(identifier)?.defs[0]?.type === TSESLint.Scope.DefinitionType.Parameter;
  }

  /** Whether some function other than the one that declares it writes a variable. */
  isWrittenElsewhere(variable: Variable): boolean {
    const home = variable.scope.variableScope;
    return variable.references.some(
      (reference) => reference.isWrite() && reference.from.variableScope !== home,
    );
  }

  /** Whether a variable keeps the value it was first given. */
  isConstant(variable: Variable): boolean {
    return variable.references.every((reference) => !reference.isWrite() || reference.init === true);
  }
}

/** Whether an expression names something of the language or the platform: `Promise`, `globalThis.Promise`. */
export function isGlobalName(names: Names, node: TSESTree.Node, name: string): boolean {
  const inner = unwrapped(node);
  if (inner.type === T.MemberExpression)
    return (
      memberName(inner) === name &&
      inner.object.type === T.Identifier &&
      /^(?:globalThis|window|self|global)$/.test(inner.object.name) &&
      isUndeclared(names, inner.object)
    );
  return inner.type === T.Identifier && inner.name === name && isUndeclared(names, inner);
}

function isUndeclared(names: Names, identifier: TSESTree.Identifier): boolean {
  return (names.variable(identifier)?.defs.length ?? 0) === 0;
}

function functionOf(variable: Variable): FunctionNode | undefined {
  // Overloads are definitions of their own: only the one with a body is a function node. A parameter's is its function.
  const nodes = variable.defs
    .filter(
      ({ type }) =>
        type === TSESLint.Scope.DefinitionType.FunctionName ||
        type === TSESLint.Scope.DefinitionType.Variable,
    )
    .map(({ node }) => node);
  const node = nodes.find((one) => isFunction(one)) ?? nodes[0];
  if (node === undefined) return undefined;
  if (isFunction(node)) return node;
  if (node.type !== T.VariableDeclarator || node.init === null || node.parent.kind !== 'const')
    return undefined;
  const init = unwrapped(node.init);
  return isFunction(init) ? init : undefined;
}
