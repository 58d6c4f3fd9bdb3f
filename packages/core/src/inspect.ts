/** The method that Node's `util.inspect`, and so `console.log`, asks for. */
export const INSPECT: unique symbol = /* @__PURE__ */ Symbol.for('nodejs.util.inspect.custom') as never;
