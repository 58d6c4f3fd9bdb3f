/**
 * # Faults for tests
 *
 * Made of real calls, on real devices: what WebGPU does when a submit is invalid, a driver drops work, a map is aborted, or the GPU
 * process dies. They work on every program, with `GpuQueue` or without.
 *
 * @packageDocumentation
 */
export { abortMaps } from './abort-maps.js';
export { crashGpuProcess, type BrowserPage } from './crash-gpu-process.js';
export type { FaultTarget } from './intercept.js';
export { dropSubmit, failSubmit, invalidCommandBuffer } from './submits.js';
