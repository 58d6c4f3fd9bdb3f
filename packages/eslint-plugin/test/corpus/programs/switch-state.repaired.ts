import { DmaFenceContext, type DmaFence } from '@dma-fence/core';

const printer = new DmaFenceContext({ driverName: 'lp0', timelineName: 'pages' });

type State = 'queued' | 'printing' | 'jammed' | 'cancelled' | 'done';

interface Page {
  readonly number: number;
  readonly jams: boolean;
  readonly cancelled: boolean;
}

export async function print(page: Page): Promise<State> {
  let state: State = 'queued';
  let fence: DmaFence | undefined;
  const history: State[] = [];
  for (;;) {
    history.push(state);
    switch (state) {
      case 'queued':
        fence = printer.run(() => (page.jams ? Promise.reject(new Error('paper jam')) : Promise.resolve()));
        state = page.cancelled ? 'cancelled' : 'printing';
        break;
      case 'printing':
        try {
          await fence?.wait({ timeoutMs: 100 });
          state = 'done';
        } catch {
          state = 'jammed';
        }
        break;
      case 'cancelled':
        fence?.put();
        console.log(`page ${page.number} was cancelled`);
        return state;
      case 'jammed':
        console.log(`page ${page.number}: open the tray`);
        fence?.put();
        return state;
      case 'done':
        console.log(`page ${page.number}: ${history.join(' > ')}`);
        fence?.put();
        return state;
    }
  }
}
