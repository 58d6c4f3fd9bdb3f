import { Worker } from 'node:worker_threads';
import type { EngineStart, Hardware, HardwareEvents, JobNote } from './ring.js';

/** Starts a worker thread as an engine's hardware. */
export function startThread(start: EngineStart, events: HardwareEvents): Hardware {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: start });
  let stopped = false;
  let cause = 'it exited';
  worker.on('message', (note: JobNote) => {
    if (!stopped) events.note(note);
  });
  worker.on('error', (error) => {
    cause = error instanceof Error ? error.message : String(error);
  });
  worker.on('exit', (code) => {
    if (!stopped) events.died(`${cause}, code ${String(code)}`);
  });
  return {
    owner: worker,
    push(entry) {
      worker.postMessage(entry);
    },
    async stop() {
      stopped = true;
      await worker.terminate();
    },
  };
}
