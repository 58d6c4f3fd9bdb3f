export default {
  test: {
    include: ['vitest.fixture.js'],
    testTimeout: 50,
    reporters: ['dot', '@dma-fence/core/testing/reporter'],
    // Its own, not the repository's.
    root: import.meta.dirname,
  },
};
