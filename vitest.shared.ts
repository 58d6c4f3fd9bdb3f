/** Tests run on the sources; `TEST_DIST=1` runs the same tests on what is published. */
export const resolve = {
  conditions: process.env['TEST_DIST'] === '1' ? ['default'] : ['@dma-fence/source', 'default'],
};
