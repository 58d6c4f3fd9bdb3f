import type { DmaFence, Owned } from '@dma-fence/core';
interface Sink {
  take(fence: Owned<DmaFence>): void;
}
export function route(f: DmaFence, sink: Sink | undefined): void {
  const ref = f.get();
  if (sink) sink.take(ref);
  else ref.put();
}
export function route2(f: DmaFence, sink?: Sink): void {
  sink?.take(f.get());
}
