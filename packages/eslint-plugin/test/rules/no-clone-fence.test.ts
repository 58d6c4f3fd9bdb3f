import { ruleTester } from '../support/rule-tester.js';

const head = `import type { DmaFence, DmaFenceContext, SyncObject } from '@dma-fence/core';
import type { SharedTimeline } from '@dma-fence/core/shared';
declare const fence: DmaFence;
declare const fences: ReadonlyMap<string, DmaFence>;
declare const context: DmaFenceContext;
declare const slot: SyncObject;
declare const timeline: SharedTimeline;
declare const worker: Worker;
declare const port: MessagePort;
`;

const cloned = (by: string): string =>
  `A fence does not survive ${by}: what arrives has no methods and never signals. Send the handle of a SharedTimeline and a sequence number, and make the fence there with fence(seqno).`;
const other = (entity: string, by: string, cure: string): string =>
  `A ${entity} does not survive ${by}: what arrives has no methods and is connected to nothing. ${cure}`;

function invalid(code: string, message: string): { name: string; code: string; errors: object[] } {
  return { name: code, code: `${head}${code}\n`, errors: [{ line: 10, message }] };
}

ruleTester('no-clone-fence', {
  valid: [
    'worker.postMessage({ handle: timeline.handle, seqno: fence.seqno });',
    'worker.postMessage([fence.name, fence.seqno]);',
    'structuredClone({ when: fence.signaled });',
    // One's own class may write a fence down.
    'class Wire { postMessage(one: DmaFence) { return one.seqno; } } new Wire().postMessage(fence);',
    'function structuredClone(one: unknown) { return one; } structuredClone(fence);',
    'function run(structuredClone: (one: unknown) => void) { structuredClone(fence); }',
    'new Worker("worker.js", { name: fence.timelineName });',
  ].map((code) => ({ name: code, code: `${head}${code}\n` })),
  invalid: [
    invalid('worker.postMessage(fence);', cloned('postMessage')),
    invalid('port.postMessage({ job: { done: [fence] } }, []);', cloned('postMessage')),
    invalid('postMessage({ ...{ fence } });', cloned('postMessage')),
    invalid('structuredClone(fences);', cloned('structuredClone')),
    invalid('globalThis.structuredClone(fence as unknown as DmaFence);', cloned('structuredClone')),
    invalid(
      'port.postMessage(context);',
      other(
        'DmaFenceContext',
        'postMessage',
        'Keep it in this thread; a SharedTimeline is what threads have in common.',
      ),
    ),
    invalid(
      'port.postMessage([slot]);',
      other(
        'SyncObject',
        'postMessage',
        'Keep it in this thread; a SharedTimeline is what threads have in common.',
      ),
    ),
    invalid(
      'worker.postMessage({ timeline });',
      other('SharedTimeline', 'postMessage', 'Send its handle, and attach to it there.'),
    ),
    invalid('new Worker("worker.js", { workerData: { fence } } as never);', cloned('workerData')),
  ],
});
