import type { DmaFence } from '@dma-fence/core';
declare function useEffect(effect: () => void | (() => void), deps: unknown[]): void;
declare function useState<T>(initial: T): [T, (next: T) => void];
export function useFence(fence: DmaFence | undefined): boolean {
  const [done, setDone] = useState(fence?.signaled ?? true);
  useEffect(() => {
    if (!fence) return undefined;
    const ref = fence.get();
    const abort = new AbortController();
    ref.wait({ signal: abort.signal }).then(
      () => setDone(true),
      () => setDone(true),
    );
    return () => {
      abort.abort();
      ref.put();
    };
  }, [fence]);
  return done;
}
