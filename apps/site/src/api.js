/** The API reference: every export of every entry point, from its doc comment. */
import { join, relative } from 'node:path';
import { Application, Converter } from 'typedoc';
import { entries, root, workspacePackages } from '../../../scripts/workspace.js';

/** The entry points, as people import them. */
export const entryPoints = workspacePackages()
  .filter(({ manifest }) => manifest.private !== true)
  .flatMap(entries);

/**
 * Writes a folder of pages for each entry point.
 *
 * @param {string} out
 */
export async function writeApi(out) {
  const app = await Application.bootstrapWithPlugins(
    /** @type {Partial<import('typedoc').TypeDocOptions>} */ ({
      entryPoints: entryPoints.map(({ source }) => source),
      tsconfig: join(root, 'apps/site/tsconfig.api.json'),
      plugin: [import.meta.resolve('typedoc-plugin-markdown')],
      outputs: [{ name: 'markdown', path: out }],
      basePath: root,
      readme: 'none',
      excludeInternal: true,
      excludePrivate: true,
      skipErrorChecking: true,
      disableSources: true,
      sort: ['source-order'],
      logLevel: 'Error',
      // Of typedoc-plugin-markdown:
      hidePageHeader: true,
      hideBreadcrumbs: true,
      entryFileName: 'index',
      useCodeBlocks: true,
      expandParameters: true,
      sanitizeComments: true,
    }),
  );
  // A module is called what people write in `import`, and lies in a folder of that name.
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (_context, reflection) => {
    const file = reflection.sources?.[0]?.fullFileName ?? '';
    const entry =
      reflection.parent === undefined || reflection.parent.isProject()
        ? entryOf(file, reflection.name)
        : undefined;
    if (entry !== undefined) reflection.name = entry.specifier;
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('typedoc found nothing to describe');
  await app.generateOutputs(project);
}

/**
 * @param {string} file
 * @param {string} name as typedoc has made it up
 */
function entryOf(file, name) {
  return entryPoints.find(
    ({ source }) =>
      file === source ||
      relative(root, source).replace(/(?:\/index)?\.ts$/, '') === name ||
      source.replace(/(?:\/index)?\.ts$/, '').endsWith(`/${name}`),
  );
}
