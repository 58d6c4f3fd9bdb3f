import { AST_NODE_TYPES as T, type TSESTree } from '@typescript-eslint/utils';
import * as parser from '@typescript-eslint/parser';

/** A change to a program's text that changes nothing of what it does. */
export interface Rewrite {
  readonly name: string;
  readonly apply: (code: string) => string;
}

interface Edit {
  readonly at: number;
  readonly end?: number;
  readonly text: string;
}

interface Parsed {
  readonly nodes: readonly TSESTree.Node[];
  readonly text: (node: TSESTree.Node) => string;
}

/** Declarations that the rewritten texts use; they stand at the end, where they move no line. */
const looking = `
declare function lookAt(fence: import('@dma-fence/core').DmaFence | null | undefined): void;
declare function lookAtAll(fences: readonly (import('@dma-fence/core').DmaFence | null | undefined)[]): void;
declare function lookInto(holder: { readonly fence: import('@dma-fence/core').DmaFence | null | undefined }): void;
`;

function rewrite(name: string, edits: (parsed: Parsed) => Iterable<Edit>): Rewrite {
  return {
    name,
    apply: (code) => {
      const { ast, visitorKeys } = parser.parseForESLint(code, { range: true });
      const nodes: TSESTree.Node[] = [];
      const visit = (node: TSESTree.Node, parent: TSESTree.Node | undefined): void => {
        node.parent ??= parent as never;
        nodes.push(node);
        for (const key of visitorKeys[node.type] ?? []) {
          const child = (node as unknown as Record<string, unknown>)[key];
          for (const one of Array.isArray(child) ? (child as unknown[]) : [child])
            if (typeof one === 'object' && one !== null) visit(one as TSESTree.Node, node);
        }
      };
      visit(ast, undefined);
      const text = (node: TSESTree.Node): string => code.slice(...node.range);
      // From the end of the text, so that places stay true; what was added at one place keeps its order.
      const list = [...edits({ nodes, text })].map((edit, index) => ({ ...edit, index }));
      list.sort((a, b) => b.at - a.at || b.index - a.index);
      let out = code;
      for (const { at, end = at, text: added } of list) out = out.slice(0, at) + added + out.slice(end);
      return out === code ? code : out + looking;
    },
  };
}

/** Puts the statements of every function between two texts. */
function body(name: string, before: string, after: string): Rewrite {
  return rewrite(name, function* ({ nodes }) {
    for (const { type, parent, range } of nodes) {
      if (type !== T.BlockStatement) continue;
      const isBody =
        parent.type === T.FunctionDeclaration ||
        parent.type === T.FunctionExpression ||
        parent.type === T.ArrowFunctionExpression;
      if (!isBody) continue;
      yield { at: range[0] + 1, text: ` ${before}` };
      yield { at: range[1] - 1, text: `${after} ` };
    }
  });
}

interface Put {
  readonly call: TSESTree.CallExpression;
  readonly callee: TSESTree.MemberExpression;
}

function* puts(nodes: readonly TSESTree.Node[]): Generator<Put> {
  for (const node of nodes) {
    if (node.type !== T.CallExpression || node.arguments.length > 0) continue;
    const { callee } = node;
    if (callee.type !== T.MemberExpression || callee.computed) continue;
    if (callee.property.type === T.Identifier && callee.property.name === 'put') yield { call: node, callee };
  }
}

/** Writes the name of each put in another way. */
function put(name: string, between: string, isPossible: (put: Put) => boolean = () => true): Rewrite {
  return rewrite(name, function* ({ nodes }) {
    for (const one of puts(nodes)) {
      const { callee } = one;
      if (!isPossible(one)) continue;
      const from = callee.object.range[1];
      const isChain = callee.optional && !between.startsWith('?.');
      const text = isChain && between.startsWith('[') ? `?.${between}` : between;
      yield { at: from, end: callee.range[1], text };
    }
  });
}

/** A name or a chain of names: reading it twice is reading it once. */
function isPlain(node: TSESTree.Node): boolean {
  if (node.type === T.Identifier || node.type === T.ThisExpression) return true;
  if (node.type === T.TSNonNullExpression) return isPlain(node.expression);
  return node.type === T.MemberExpression && !node.computed && isPlain(node.object);
}

/** Whether what throws there is caught in the function: a call that looks may throw, so it would change something. */
function isCaught(node: TSESTree.Node): boolean {
  let inner = node;
  for (let outer = node.parent; outer; inner = outer, outer = outer.parent) {
    if (outer.type === T.TryStatement && outer.handler !== null && outer.block === inner) return true;
    if (outer.type.includes('Function')) return false;
  }
  return false;
}

/** Does something with each fence before the statement that puts it. */
function before(name: string, text: (fence: string) => string): Rewrite {
  return rewrite(name, function* (parsed) {
    for (const { call, callee } of puts(parsed.nodes)) {
      const whole = call.parent.type === T.ChainExpression ? call.parent : call;
      const statement = whole.parent;
      if (statement.type !== T.ExpressionStatement || !isPlain(callee.object) || isCaught(statement))
        continue;
      yield { at: statement.range[0], text: `{ ${text(parsed.text(callee.object))} ` };
      yield { at: statement.range[1], text: ' }' };
    }
  });
}

const isRequired = ({ callee }: Put): boolean => !callee.optional;

/** All of them. */
export const rewrites: readonly Rewrite[] = [
  body('bodies in a block', '{', '}'),
  body('bodies under a label', 'body: {', '}'),
  body('bodies in a loop that turns once', 'do {', '} while (false);'),
  body('bodies in a try with an empty finally', 'try {', '} finally {}'),
  put('put as a disposal', '[Symbol.dispose]'),
  put('put behind ?.', '?.put'),
  put('put behind !', '!.put', isRequired),
  put("put as ['put']", "['put']"),
  rewrite('put by another name', function* ({ nodes, text }) {
    let count = 0;
    for (const { call, callee } of puts(nodes)) {
      const whole = call.parent.type === T.ChainExpression ? call.parent : call;
      if (whole.parent.type !== T.ExpressionStatement || !isPlain(callee.object)) continue;
      count += 1;
      const alias = `alias${String(count)}`;
      yield { at: whole.parent.range[0], text: `{ const ${alias} = ${text(callee.object)}; ` };
      yield { at: callee.object.range[0], end: callee.object.range[1], text: alias };
      yield { at: whole.parent.range[1], text: ' }' };
    }
  }),
  before('a property read before', (fence) => `void ${fence}?.seqno;`),
  before('a bare name before', (fence) => `${fence};`),
  before('in a list before', (fence) => `void [${fence}];`),
  before('in a record before', (fence) => `void { fence: ${fence} };`),
  before('lent before', (fence) => `lookAt(${fence});`),
  before('lent in a list before', (fence) => `lookAtAll([${fence}]);`),
  before('lent in a record before', (fence) => `lookInto({ fence: ${fence} });`),
  before('kept in a list before', (fence) => `const list = [${fence}]; lookAtAll(list);`),
  before('gone through in a list before', (fence) => `for (const one of [${fence}]) lookAt(one);`),
  before('gone through by forEach before', (fence) => `[${fence}].forEach((one) => void one?.seqno);`),
];
