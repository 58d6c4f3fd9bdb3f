import { expect, test } from 'vitest';

test('a worker makes, waits for and signals fences of its own', async () => {
  const worker = new Worker(new URL('worker.ts', import.meta.url), { type: 'module' });
  const answer = await new Promise<unknown>((resolve, reject) => {
    worker.addEventListener('message', ({ data }) => {
      resolve(data);
    });
    worker.addEventListener('error', reject);
  });
  worker.terminate();
  expect(answer).toEqual(['worker:timeline:1:1', 'signaled', 'ETIME']);
});
