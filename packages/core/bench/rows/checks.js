import { beginSignalling } from '@dma-fence/core';
import { context, count, SIZE } from './subjects.js';

/** @typedef {import('../row.js').Row} Row */
/** @typedef {import('../row.js').Batch} Batch */

// What the validator and the tracking cost while they are on, and that they cost nothing while they are off. They are
// imported when a variant needs them, so that the others run in a process that has never seen them.

/**
 * Create, one callback, signal, put: what `create.js` compares with a promise; with `publish` in the fence's own section, with
 * `section` each signal in a free one. A batch is asynchronous, since what is kept until the end of a turn must get there.
 *
 * @param {{ publish?: boolean; section?: boolean }} [options]
 * @returns {Batch}
 */
function work({ publish = false, section = false } = {}) {
  const ring = context();
  /** @type {import('@dma-fence/core').DriverFence[]} */
  const held = new Array(SIZE);
  return async () => {
    for (let i = 0; i < SIZE; i++) {
      const fence = (held[i] = ring.createFence());
      fence.addCallback(count);
      if (publish) fence.beginSignalling();
    }
    for (let i = 0; i < SIZE; i++) {
      const began = section ? beginSignalling() : undefined;
      held[i]?.signal();
      began?.end();
      held[i]?.put();
    }
    await Promise.resolve();
  };
}

/**
 * @param {import('@dma-fence/core/lockdep').LockdepOptions} options
 * @param {Parameters<typeof work>[0]} [kind]
 */
const validated = (options, kind) => async () => {
  const { lockdep } = await import('@dma-fence/core/lockdep');
  lockdep.enable(options);
  return work(kind);
};

/** @param {import('@dma-fence/core/debug').TrackOptions} options */
const tracked = (options) => async () => {
  const { trackFences } = await import('@dma-fence/core/debug');
  trackFences(options);
  return work();
};

const withoutStacks = { stacks: false };

/** @type {Row[]} */
export const checks = [
  {
    name: 'validator off: create + 1 callback + signal + put',
    unit: 'ns',
    size: SIZE,
    must: 1.1,
    aim: 1.03,
    variants: {
      'never loaded': () => work(),
      fence: async () => {
        await Promise.all([import('@dma-fence/core/lockdep'), import('@dma-fence/core/debug')]);
        return work();
      },
      'was on': async () => {
        const { lockdep } = await import('@dma-fence/core/lockdep');
        lockdep.enable()[Symbol.dispose]();
        return work();
      },
    },
  },
  {
    name: 'validator on: the same, without stacks',
    unit: 'ns',
    size: SIZE,
    must: 3,
    aim: 2,
    variants: { off: () => work(), fence: validated(withoutStacks), 'with stacks': validated({}) },
  },
  {
    name: 'validator on: each signal in a free section',
    unit: 'ns',
    size: SIZE,
    variants: {
      off: () => work({ section: true }),
      fence: validated(withoutStacks, { section: true }),
      'with stacks': validated({}, { section: true }),
    },
  },
  {
    name: 'validator on: each fence in its own section',
    unit: 'ns',
    size: SIZE,
    variants: { off: () => work({ publish: true }), fence: validated(withoutStacks, { publish: true }) },
  },
  {
    name: 'trackFences: create + 1 callback + signal + put',
    unit: 'ns',
    size: SIZE,
    variants: { off: () => work(), fence: tracked({}), 'with stacks': tracked({ stacks: true }) },
  },
];
