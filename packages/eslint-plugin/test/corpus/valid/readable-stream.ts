import { type DmaFence, DmaFenceContext } from '@dma-fence/core';

interface Controller<T> {
  enqueue(chunk: T): void;
  close(): void;
  error(reason: unknown): void;
}

interface Chunk {
  readonly bytes: Uint8Array;
  readonly consumed: DmaFence;
}

export function source(read: () => Promise<Uint8Array | undefined>): {
  pull(controller: Controller<Chunk>): Promise<void>;
} {
  const context = new DmaFenceContext({ driverName: 'stream', timelineName: 'chunks' });
  let previous: DmaFence | undefined;
  return {
    async pull(controller) {
      const before = previous;
      previous = undefined;
      try {
        await before?.wait();
      } catch (error) {
        controller.error(error);
        return;
      } finally {
        before?.put();
      }
      const bytes = await read();
      if (bytes === undefined) {
        controller.close();
        return;
      }
      const consumed = context.createFence();
      previous = consumed.get();
      controller.enqueue({ bytes, consumed });
    },
  };
}
