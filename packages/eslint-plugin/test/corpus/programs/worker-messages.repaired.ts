import { DmaFenceContext, type DmaFence, type DriverFence } from '@dma-fence/core';

type Message =
  | { readonly type: 'done'; readonly id: number; readonly result: string }
  | { readonly type: 'error'; readonly id: number; readonly reason: string }
  | { readonly type: 'cancel'; readonly id: number };

const context = new DmaFenceContext({ driverName: 'worker', timelineName: 'calls' });
const calls = new Map<number, DriverFence<undefined>>();
const results = new Map<number, string>();
let lastId = 0;

function call(): { id: number; fence: DmaFence } {
  const id = ++lastId;
  const fence = context.createFence();
  calls.set(id, fence);
  return { id, fence: fence.get() };
}

function onMessage(message: Message): void {
  const fence = calls.get(message.id);
  if (!fence) return;
  switch (message.type) {
    case 'done':
      results.set(message.id, message.result);
      calls.delete(message.id);
      fence.signal();
      fence.put();
      break;
    case 'error':
      calls.delete(message.id);
      fence.fail(new Error(message.reason));
      fence.put();
      break;
    case 'cancel':
      calls.delete(message.id);
      fence.fail('ECANCELED');
      fence.put();
      break;
  }
}

async function finish({ id, fence }: { id: number; fence: DmaFence }): Promise<string> {
  try {
    await fence.wait({ timeoutMs: 100 });
    return results.get(id) ?? 'nothing';
  } catch (error) {
    return error instanceof Error ? error.message : 'unknown';
  } finally {
    fence.put();
  }
}
