import { resourceProblem, type ResourceRow } from './resource-row.js';
import { isEntity, packageName, type Entity } from './vocabulary.js';

/** A user's own type that stands for one of core's: a wrapper, or a look-alike of the same shape. */
export interface FenceTypeSetting {
  readonly name: string;
  readonly package: string;
  /** The type of core that it behaves as. */
  readonly as: Entity;
}

/** What `settings['dma-fence']` of an ESLint configuration may say. */
export interface Settings {
  /** Packages whose declarations count as core's. */
  readonly packages: ReadonlySet<string>;
  readonly fenceTypes: readonly FenceTypeSetting[];
  /** Whether functions that the analysis gave up are listed. */
  readonly debug: boolean;
  /** The types of other resources, and what is known of declarations that deal with them. */
  readonly resources: readonly ResourceRow[];
}

const read = new WeakMap<object, Settings>();

/** The settings of a configuration, read once. */
export function readSettings(settings: Readonly<Record<string, unknown>>): Settings {
  let known = read.get(settings);
  if (known === undefined) {
    known = parseSettings(settings);
    read.set(settings, known);
  }
  return known;
}

/** Reads the settings of a configuration; anything of the wrong shape is left out, since a setting must not crash a file. */
function parseSettings(settings: Readonly<Record<string, unknown>>): Settings {
  const given = settings['dma-fence'];
  const packages = new Set([packageName]);
  const fenceTypes: FenceTypeSetting[] = [];
  if (typeof given !== 'object' || given === null)
    return { packages, fenceTypes, debug: false, resources: [] };
  const debug = 'debug' in given && given.debug === true;
  if ('packages' in given && Array.isArray(given.packages)) {
    for (const name of given.packages as readonly unknown[]) if (typeof name === 'string') packages.add(name);
  }
  if ('fenceTypes' in given && Array.isArray(given.fenceTypes)) {
    for (const entry of given.fenceTypes as readonly unknown[]) {
      const type = readFenceType(entry);
      if (type !== undefined) fenceTypes.push(type);
    }
  }
  // The rules for resources report what is wrong with the rows; to all others there are none.
  const isSound = resourceProblem(given) === undefined && 'resources' in given;
  const resources = isSound ? ((given.resources ?? []) as readonly ResourceRow[]) : [];
  return { packages, fenceTypes, debug, resources };
}

function readFenceType(entry: unknown): FenceTypeSetting | undefined {
  if (typeof entry !== 'object' || entry === null || !('name' in entry) || !('package' in entry))
    return undefined;
  const { name, package: owner } = entry;
  const as = 'as' in entry ? entry.as : 'DmaFence';
  if (typeof name !== 'string' || typeof owner !== 'string' || typeof as !== 'string' || !isEntity(as))
    return undefined;
  return { name, package: owner, as };
}
