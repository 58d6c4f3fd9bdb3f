// drm atomic: in-fences of planes, an implicit fence of the buffer, and the out-fence of the crtc.
import { mergeFences, type DmaFence, type DmaReservation } from '@dma-fence/core';

export class PlaneState {
  fence: DmaFence | undefined;

  setExplicit(fence: DmaFence): void {
    if (this.fence) throw new Error('the plane has a fence already');
    this.fence = fence.get();
  }

  prepare(buffer: DmaReservation): void {
    const implicit = buffer.exportFence('read');
    if (!this.fence) {
      this.fence = implicit;
      return;
    }
    // somebody gave an explicit one; both count
    const both = mergeFences([this.fence, implicit]);
    implicit.put();
    // reports require-field-release
    this.fence = both;
  }

  destroy(): void {
    this.fence?.put();
    this.fence = undefined;
  }
}
