/**
 * # Tests of engines, and of code that uses clusters
 *
 * @packageDocumentation
 */
export { engineConformance, type ConformanceCase, type EngineHarness } from './conformance.js';
export { faulty, type EngineCall, type EngineFault } from './faulty.js';
