/** The published version; `test/version.node.test.ts` holds it to package.json. */
export const version = '0.1.0';
