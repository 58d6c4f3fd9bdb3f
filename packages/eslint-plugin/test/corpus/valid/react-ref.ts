import type { DmaFence } from '@dma-fence/core';
declare function useRef<T>(v: T): { current: T };
declare function useEffect(run: () => (() => void) | void, deps?: unknown[]): void;
export function useLatest(fence: DmaFence | undefined): { current: DmaFence | null } {
  const box = useRef<DmaFence | null>(null);
  useEffect(() => {
    box.current?.put();
    box.current = fence?.get() ?? null;
    return () => {
      box.current?.put();
      box.current = null;
    };
  }, [fence]);
  return box;
}
