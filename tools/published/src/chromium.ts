import { accessSync, constants, existsSync, mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** The browser of this machine; throws, and says what to do, where there is none. */
export function chromiumExecutable(): string {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  if (CHROMIUM_PATH !== undefined) return CHROMIUM_PATH;
  for (const folder of PATH.split(delimiter)) {
    for (const name of NAMES) {
      const file = join(folder, name);
      try {
        accessSync(file, constants.X_OK);
        return file;
      } catch {
        // Not here.
      }
    }
  }
  throw new Error('No Chromium found: install it (Debian: apt-get install chromium), or set CHROMIUM_PATH');
}

/** What makes a Vulkan program use the software GPU that comes with the browser. */
export function swiftShader(): Record<string, string> {
  const folders = [dirname(realpathSync(chromiumExecutable())), '/usr/lib/chromium', '/opt/google/chrome'];
  const manifest = folders
    .map((folder) => join(folder, 'vk_swiftshader_icd.json'))
    .find((file) => existsSync(file));
  if (manifest === undefined) throw new Error(`No vk_swiftshader_icd.json in ${folders.join(', ')}`);
  return { VK_ICD_FILENAMES: manifest, XDG_RUNTIME_DIR: mkdtempSync(join(tmpdir(), 'runtime-')) };
}

/** Flags for WebGPU on the software adapter, canvases included: without the last three a canvas loses the device. */
export const GPU: string[] = [
  '--no-sandbox',
  '--no-first-run',
  '--enable-unsafe-webgpu',
  '--disable-dev-shm-usage',
  '--disable-gpu-process-crash-limit',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--use-angle=vulkan',
];

/** Flags for a browser that talks to nobody. */
export const QUIET: string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
