import type { DmaFence } from '@dma-fence/core';
interface Observer {
  next(name: string): void;
  complete(): void;
}
export function makeObservable() {
  return {
    subscribe(fence: DmaFence, observer: Observer): { unsubscribe(): void } {
      let ref: DmaFence | undefined = fence.get();
      const release = (): void => {
        ref?.put();
        ref = undefined;
      };
      ref
        .wait()
        .then(() => {
          if (ref) observer.next(ref.name);
          observer.complete();
        })
        .finally(release);
      return { unsubscribe: release };
    },
  };
}
