/**
 * `npm run bootstrap`: brings the pinned pnpm and installs the workspace from its lockfile. `npm start`, `npm test` and
 * `npm install` run it, too. What fails ends in one line that says what to do.
 *
 * Nothing is installed when it runs, so it uses nothing but Node.
 */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { complaintOf, stoodStill } from './complaint.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** `npm install` ends here; so does pnpm, from inside its own installation, and then there is nothing left to do. */
const isHook = process.argv.includes('--after-install');
const byPnpm = process.env['npm_config_user_agent']?.startsWith('pnpm/') === true;

/** How long the first step may take, in seconds. */
const PATIENCE_S = 120;

/** Enough for a network that stumbles; npm itself would try for more than a minute. */
const PATIENCE = {
  npm_config_fetch_retries: '2',
  npm_config_fetch_retry_mintimeout: '1000',
  npm_config_fetch_retry_maxtimeout: '4000',
  // `npm --silent` hands its level on, and then nobody learns why nothing happens.
  npm_config_loglevel: 'error',
  npm_config_update_notifier: 'false',
};

/**
 * @param {string} file
 * @returns {unknown}
 */
const json = (file) => JSON.parse(readFileSync(join(root, file), 'utf8'));

const { packageManager, engines } = /** @type {{ packageManager: string; engines: { node: string } }} */ (
  json('package.json')
);
const oldest = engines.node.replace('>=', '');

/**
 * Runs a command, shows what it prints, and keeps it.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {boolean} shown whether its standard output is
 * @returns {Promise<{ code: number; text: string }>}
 */
function run(file, args, shown) {
  // npm and npx are scripts on Windows, which only a shell starts.
  const child = spawn(file, args, {
    cwd: root,
    env: { ...process.env, ...PATIENCE },
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
    // Only the first step is this quiet; one that hangs ends, and says so.
    ...(!shown && { timeout: PATIENCE_S * 1000 }),
  });
  let text = '';
  for (const [from, to] of /** @type {const} */ ([
    [child.stdout, process.stdout],
    [child.stderr, process.stderr],
  ]))
    from.on('data', (chunk) => {
      text += String(chunk);
      if (shown) to.write(String(chunk));
    });
  return new Promise((resolve) => {
    child.once('error', (error) => {
      resolve({ code: 1, text: `${text}\n${error.message}` });
    });
    child.once('close', (code, signal) => {
      const ended = signal === null ? '' : stoodStill(PATIENCE_S);
      resolve({ code: code ?? 1, text: text + ended });
    });
  });
}

/** @param {string} line */
function giveUp(line) {
  console.error(`dma-fence: ${line}`);
  process.exitCode = 1;
}

/** The pnpm that an earlier run installed, or the one that npx brings. */
function pnpmCommand() {
  const manifest = join('node_modules', 'pnpm', 'package.json');
  const local = join(root, 'node_modules', '.bin', 'pnpm');
  const version = packageManager.replace('pnpm@', '');
  const there =
    process.platform !== 'win32' &&
    existsSync(join(root, manifest)) &&
    existsSync(local) &&
    /** @type {{ version: string }} */ (json(manifest)).version === version;
  return there ? { file: local, args: [] } : { file: 'npx', args: ['--yes', packageManager] };
}

async function bootstrap() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [wantedMajor = 0, wantedMinor = 0] = oldest.split('.').map(Number);
  if (major < wantedMajor || (major === wantedMajor && minor < wantedMinor)) {
    giveUp(`needs Node ${oldest} or newer, and this is Node ${process.versions.node}`);
    return;
  }
  const { file, args } = pnpmCommand();
  if (file === 'npx') {
    const brought = await run(file, [...args, '--version'], false);
    if (brought.code !== 0) {
      giveUp(complaintOf(`cannot bring ${packageManager}`, brought.text));
      return;
    }
  }
  const installed = await run(file, [...args, 'install', '--frozen-lockfile'], true);
  if (installed.code !== 0) giveUp(complaintOf('the installation failed', installed.text));
}

if (!(isHook && byPnpm)) await bootstrap();
