class Cache<V> {
  get(): V | undefined {
    return undefined;
  }
  put(): void {}
}
export function touch(fenceCache: Cache<string>): void {
  const v = fenceCache.get();
  fenceCache.put();
  fenceCache.put();
  void v;
}
