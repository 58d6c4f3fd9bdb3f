import { DmaFenceContext } from '@dma-fence/core';
import { dumpAtExit, named } from '@dma-fence/core/debug';

const mode = process.argv[2];
const dumping = dumpAtExit();
const context = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
const fence = mode === 'named' ? undefined : context.createFence();

switch (mode) {
  case 'await':
    await fence?.wait();
    break;
  case 'undone':
    dumping[Symbol.dispose]();
    await fence?.wait();
    break;
  case 'exit':
    process.exit(3);
    break;
  case 'throw':
    throw new Error('the decoder crashed');
  case 'SIGTERM':
  case 'SIGINT':
    setInterval(() => undefined, 1000);
    process.kill(process.pid, mode);
    break;
  case 'named':
    await named(new Promise(() => undefined), 'the answer of the device');
    break;
  default:
    fence?.signal();
    fence?.put();
}
