import { type DmaFence } from '@dma-fence/core';

let state: { fence: DmaFence; users: number } | undefined;
export function enter(f: DmaFence) {
  if (state) {
    state.users++;
    return;
  }
  state = { fence: f.get(), users: 1 };
}
export function leave() {
  if (!state || --state.users > 0) return;
  state.fence.put();
  state = undefined;
}
