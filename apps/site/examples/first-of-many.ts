import { DmaFenceContext, waitAny } from '@dma-fence/core';

// One long-lived fence, raced a thousand times: a promise would keep a thousand reactions.
const shutdown = new DmaFenceContext({ driverName: 'app', timelineName: 'shutdown' }).createFence();
const requests = new DmaFenceContext({ driverName: 'app', timelineName: 'requests' });

for (let number = 1; number <= 5; number += 1) {
  using request = requests.createFence();
  setTimeout(() => request.signal(), 10);
  const first = await waitAny([request, shutdown], { timeoutMs: 1000 });
  console.log(`request ${number}:`, first === 0 ? 'answered' : 'shutting down');
}

shutdown.signal();
shutdown.put();
