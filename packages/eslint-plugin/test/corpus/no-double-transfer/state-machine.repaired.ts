import type { DmaFence, DmaFenceContext, DriverFence } from '@dma-fence/core';

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'busy'; readonly fence: DriverFence }
  | { readonly kind: 'lost' };

export class Device {
  #state: State = { kind: 'idle' };
  readonly #context: DmaFenceContext;

  constructor(context: DmaFenceContext) {
    this.#context = context;
  }

  start(): DmaFence | undefined {
    if (this.#state.kind !== 'idle') return undefined;
    const fence = this.#context.createFence();
    this.#state = { kind: 'busy', fence };
    return fence.get();
  }

  interrupt(isFatal: boolean): void {
    const state = this.#state;
    switch (state.kind) {
      case 'busy': {
        const { fence } = state;
        if (isFatal) fence.fail('EIO');
        else fence.signal();
        this.#state = isFatal ? { kind: 'lost' } : { kind: 'idle' };
        fence.put();
        return;
      }
      case 'idle':
      case 'lost':
        return;
    }
  }
}
