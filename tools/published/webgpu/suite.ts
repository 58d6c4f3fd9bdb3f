import '../../../packages/webgpu/test/gpu/adopt.test.ts';
import '../../../packages/webgpu/test/gpu/facts.test.ts';
import '../../../packages/webgpu/test/gpu/faults.test.ts';
import '../../../packages/webgpu/test/gpu/frame-pacer.test.ts';
import '../../../packages/webgpu/test/gpu/gpu-queue.test.ts';
import '../../../packages/webgpu/test/gpu/loss.test.ts';
import '../../../packages/webgpu/test/gpu/nudge.test.ts';
import '../../../packages/webgpu/test/gpu/order.test.ts';
import '../../../packages/webgpu/test/gpu/programs.test.ts';
import '../../../packages/webgpu/test/gpu/readback.test.ts';
import { runAll, type Result } from './little-vitest.ts';

/** Runs the suite of `@dma-fence/webgpu` in whatever loads this module, a page or a worker, and sends home what became of it. */
const results: Result[] = await runAll().catch((error: unknown) => [
  { name: 'the suite', state: 'failed', error: String(error) },
]);
await fetch('/report', { method: 'POST', body: JSON.stringify(results) });
