import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Extractor,
  ExtractorConfig,
  ExtractorLogLevel,
  ExtractorMessageCategory,
} from '@microsoft/api-extractor';
import { entries, type Entry, type WorkspacePackage } from '../../../scripts/workspace.js';

/** An entry point's public types, written down as one text. */
export interface ApiReport {
  text: string;
  /** Types that a public declaration uses but nobody can import; declarations without a doc comment. */
  problems: string[];
}

/** Where an entry point's report is committed. */
export function reportFile(pkg: WorkspacePackage, entry: Entry): string {
  return join(pkg.folder, 'api', `${entry.id}.api.md`);
}

/** Writes the report of an entry point from its built `.d.ts`. */
export function createReport(pkg: WorkspacePackage, entry: Entry): ApiReport {
  const folder = mkdtempSync(join(tmpdir(), 'api-report-'));
  const problems: string[] = [];
  try {
    Extractor.invoke(ExtractorConfig.prepare(options(pkg, entry, folder)), {
      localBuild: true,
      messageCallback: (message) => {
        // That it writes a file is no news; everything else in the way of types and comments is.
        if (
          message.category !== ExtractorMessageCategory.Console &&
          message.logLevel !== ExtractorLogLevel.None &&
          !isExportedElsewhere(pkg, entry, message.text)
        ) {
          problems.push(message.formatMessageWithLocation(pkg.folder));
        }
        message.handled = true;
      },
    });
    return { text: readFileSync(join(folder, `${entry.id}.api.md`), 'utf8'), problems };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Whether a type that this entry point uses without exporting it can be imported from another one of the package. */
function isExportedElsewhere(pkg: WorkspacePackage, entry: Entry, message: string): boolean {
  const symbol = /^The symbol "(\w+)" needs to be exported/.exec(message)?.[1];
  if (symbol === undefined || entry.specifier === pkg.manifest.name) return false;
  return entries(pkg)
    .filter(({ specifier }) => specifier !== entry.specifier)
    .some(({ types }) =>
      new RegExp(`^export .*\\b${symbol}\\b.* from `, 'm').test(readFileSync(types, 'utf8')),
    );
}

function options(
  pkg: WorkspacePackage,
  entry: Entry,
  reportFolder: string,
): Parameters<typeof ExtractorConfig.prepare>[0] {
  return {
    configObjectFullPath: undefined,
    packageJsonFullPath: join(pkg.folder, 'package.json'),
    configObject: {
      projectFolder: pkg.folder,
      mainEntryPointFilePath: entry.types,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            module: 'NodeNext',
            lib: ['ES2023', 'ESNext.Disposable', 'DOM'],
            types: ['@webgpu/types'],
          },
          files: [entry.types],
        },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${entry.id}.api.md`,
        reportFolder,
        reportTempFolder: join(reportFolder, 'temp'),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Warning },
          // Everything exported is public; there are no release tags.
          'ae-missing-release-tag': { logLevel: ExtractorLogLevel.None },
          'ae-undocumented': { logLevel: ExtractorLogLevel.Warning },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
  };
}
