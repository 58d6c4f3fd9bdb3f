import type { DmaFence } from '@dma-fence/core';

type Command =
  | { readonly kind: 'wait'; readonly fence: DmaFence; readonly timeoutMs: number }
  | { readonly kind: 'poll'; readonly fence: DmaFence }
  | { readonly kind: 'stop' };

export async function interpret(commands: Iterable<Command>): Promise<number> {
  let signaled = 0;
  loop: for (const command of commands) {
    switch (command.kind) {
      case 'wait': {
        const held = command.fence.get();
        try {
          await held.wait({ timeoutMs: command.timeoutMs });
          signaled += 1;
        } catch {
          break loop;
        } finally {
          held.put();
        }
        break;
      }
      case 'poll':
        if (command.fence.poll()) signaled += 1;
        continue;
      case 'stop':
        break loop;
    }
  }
  return signaled;
}
