import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { root } from './workspace.js';

const executable = fileURLToPath(import.meta.resolve('turbo/bin/turbo'));

/**
 * Runs turbo at the root, without its telemetry, and hands back its exit code.
 *
 * @param {string[]} args
 * @returns {Promise<number>}
 */
export function turbo(...args) {
  const child = spawn(process.execPath, [executable, ...args], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
  });
  // Ctrl-C reaches turbo by itself (same process group); this process must outlive it to pass on its code.
  const outlive = () => undefined;
  process.on('SIGINT', outlive);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => {
      process.off('SIGINT', outlive);
      resolve(code ?? 130);
    });
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await turbo('run', ...process.argv.slice(2));
}
