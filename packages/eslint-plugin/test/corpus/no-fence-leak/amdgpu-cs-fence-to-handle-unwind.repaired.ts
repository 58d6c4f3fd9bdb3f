import { FenceError, type DmaFence, type SyncObject } from '@dma-fence/core';
declare const fds: { reserve(): number | undefined; install(fd: number, f: DmaFence): void };
export function fenceToHandle(obj: SyncObject, what: 'syncobj' | 'sync_file'): number {
  const fence = obj.fence();
  if (fence == null) throw new FenceError('ENOENT', 'no fence');
  switch (what) {
    case 'syncobj': {
      const made = fence.seqno;
      fence.put();
      return made;
    }
    case 'sync_file': {
      const fd = fds.reserve();
      if (fd === undefined) {
        fence.put();
        throw new FenceError('EBUSY', 'no descriptor');
      }
      fds.install(fd, fence);
      fence.put();
      return fd;
    }
    default:
      fence.put();
      throw new FenceError('EINVAL', `what=${String(what)}`);
  }
}
