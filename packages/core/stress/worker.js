import { Worker } from 'node:worker_threads';

/**
 * Starts a worker that loads what is published, whatever conditions and loaders this process was started with.
 *
 * @param {string} script
 * @param {unknown} workerData
 * @returns {Worker}
 */
export function startWorker(script, workerData) {
  return new Worker(script, { workerData, execArgv: [] });
}

/**
 * What a worker posts first; rejects with what it throws.
 *
 * @param {Worker} worker
 * @returns {Promise<unknown>}
 */
export function reportOf(worker) {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
