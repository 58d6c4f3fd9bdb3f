// The first empty packet ends the loop, and with it the fence of this turn, which has a listener.
import type { DmaFenceContext } from '@dma-fence/core';

interface Packet {
  readonly length: number;
}

export function receive(
  context: DmaFenceContext,
  packets: readonly Packet[],
  done: (seqno: number) => void,
): number {
  let received = 0;
  for (const packet of packets) {
    // reports require-signal
    using fence = context.createFence();
    fence.addCallback(({ seqno }) => done(seqno));
    if (packet.length === 0) {
      break;
    }
    received += packet.length;
    fence.signal();
  }
  return received;
}
