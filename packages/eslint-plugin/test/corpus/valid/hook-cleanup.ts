import type { DmaFence } from '@dma-fence/core';
declare function useEffect(run: () => (() => void) | void, deps: unknown[]): void;
declare function useState<T>(v: T): [T, (v: T) => void];
export function useSignaled(fence: DmaFence | null): boolean {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!fence) return;
    const ref = fence.get();
    let alive = true;
    if (
      !ref.addCallback(() => {
        if (alive) setDone(true);
      })
    )
      setDone(true);
    return () => {
      alive = false;
      ref.put();
    };
  }, [fence]);
  return done;
}
