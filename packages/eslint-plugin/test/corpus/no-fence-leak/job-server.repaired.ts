import type { DmaFence, DmaFenceContext } from '@dma-fence/core';

interface Request {
  readonly id: string;
  readonly frames: number;
}

interface Response {
  readonly status: number;
  readonly body: string;
}

export class JobServer {
  readonly #jobs = new Map<string, DmaFence>();
  readonly #context: DmaFenceContext;
  readonly #render: (frames: number, done: (failed: boolean) => void) => void;

  constructor(context: DmaFenceContext, render: (frames: number, done: (failed: boolean) => void) => void) {
    this.#context = context;
    this.#render = render;
  }

  submit({ id, frames }: Request): Response {
    if (this.#jobs.has(id)) return { status: 409, body: 'exists' };
    const fence = this.#context.createFence({ frames });
    this.#jobs.set(id, fence);
    this.#render(frames, (failed) => {
      if (failed) fence.fail('EIO');
      else fence.signal();
    });
    return { status: 202, body: fence.name };
  }

  async result(id: string, timeoutMs: number): Promise<Response> {
    const held = this.#jobs.get(id)?.get();
    if (held === undefined) return { status: 404, body: '' };
    try {
      await held.wait({ timeoutMs });
      return { status: 200, body: 'done' };
    } catch (error) {
      return { status: 504, body: String(error) };
    } finally {
      held.put();
    }
  }

  forget(id: string): boolean {
    const fence = this.#jobs.get(id);
    if (fence === undefined) return false;
    this.#jobs.delete(id);
    fence.put();
    return true;
  }

  [Symbol.dispose](): void {
    for (const fence of this.#jobs.values()) fence.put();
    this.#jobs.clear();
  }
}
