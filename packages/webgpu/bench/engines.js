/**
 * The engines that the bench runs on: what `create()` of the npm package `webgpu` is told, and the environment that it needs.
 */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where distributions put the software adapter that comes with Chromium. */
const MANIFESTS = [
  process.env['VK_ICD_FILENAMES'] ?? '',
  '/usr/lib/chromium/vk_swiftshader_icd.json',
  '/opt/google/chrome/vk_swiftshader_icd.json',
];

/** @type {Readonly<Record<string, { options: string[], executes: boolean }>>} by name; whether work really runs */
export const ENGINES = {
  null: { options: ['backend=null'], executes: false },
  SwiftShader: { options: [], executes: true },
};

/**
 * What an engine needs of its process.
 *
 * @param {string} engine
 * @returns {Record<string, string> | undefined} undefined where the engine is not on this machine
 */
export function environmentOf(engine) {
  if (engine === 'null') return {};
  const manifest = MANIFESTS.find((path) => path !== '' && existsSync(path));
  if (manifest === undefined) return undefined;
  return { VK_ICD_FILENAMES: manifest, XDG_RUNTIME_DIR: mkdtempSync(join(tmpdir(), 'runtime-')) };
}
