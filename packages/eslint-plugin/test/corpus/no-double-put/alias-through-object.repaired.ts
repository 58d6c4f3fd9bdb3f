import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

interface Submission {
  fence: DmaFence;
  retries: number;
}

declare function send(submission: Submission): Promise<boolean>;

export async function deliver(context: DmaFenceContext): Promise<number> {
  const submission: Submission = { fence: context.createFence(), retries: 0 };
  const { fence: alias } = submission;
  while (!(await send(submission))) {
    submission.retries += 1;
    if (submission.retries > 3) break;
  }
  alias.put();
  return submission.retries;
}
