import {
  DmaFenceContext,
  FenceCallback,
  FenceError,
  setCallbackErrorHandler,
  setWarningHandler,
  waitAll,
  waitAny,
  type DriverFence,
  type WaitOptions,
} from '@dma-fence/core';
import { vi } from 'vitest';
import { settled } from '../support.js';
import { RECORDS, type Action, type Answer, type World } from './action.js';

/** The real thing behind the same actions. Needs vitest's fake timers. */
export class FenceWorld implements World, Disposable {
  readonly log: string[] = [];
  readonly #context = new DmaFenceContext({ driverName: 'model', timelineName: 'world' });
  readonly #fences: DriverFence[] = [];
  readonly #records: FenceCallback<readonly Action[]>[];
  readonly #waits: { state: string; abort: AbortController }[] = [];
  readonly #handlers = [
    setCallbackErrorHandler((error) => void this.log.push(String(error))),
    setWarningHandler(() => undefined),
  ];

  constructor(scripts: readonly (readonly Action[])[]) {
    this.#records = scripts.map(
      (script, record) =>
        new FenceCallback((fence, { data }) => {
          this.#run(`record ${String(record)} on ${String(fence.seqno - 1)}`, data, false);
        }, script),
    );
    this.act({ do: 'create' });
  }

  act(action: Action): Answer {
    try {
      return this.#act(action);
    } catch (error) {
      if (error instanceof FenceError) return error.code;
      throw error;
    }
  }

  async look(): Promise<unknown> {
    await settled();
    return {
      pending: this.#context.pending,
      fences: this.#fences.map(({ status, error, refCount }) => [status, error?.code, refCount]),
      records: this.#records.map(({ pending }) => pending),
      waits: this.#waits.map(({ state }) => state),
      log: this.log,
    };
  }

  [Symbol.dispose](): void {
    for (const handler of this.#handlers) handler[Symbol.dispose]();
    vi.clearAllTimers();
  }

  #act(action: Action): Answer {
    switch (action.do) {
      case 'create':
        return this.#fences.push(this.#context.createFence());
      case 'abort': {
        this.#waits[action.wait % Math.max(this.#waits.length, 1)]?.abort.abort('aborted');
        return undefined;
      }
      case 'pass':
        vi.advanceTimersByTime(action.ms);
        return undefined;
      case 'wait':
        this.#wait(action);
        return undefined;
      default:
        return this.#onFence(action);
    }
  }

  #onFence(action: Extract<Action, { fence: number }>): Answer {
    const index = action.fence % this.#fences.length;
    const fence = this.#fences[index] as DriverFence;
    switch (action.do) {
      case 'get':
        return fence.get().refCount;
      case 'put':
        fence.put();
        return undefined;
      case 'signal':
        return fence.signal();
      case 'fail':
        return fence.fail(action.code);
      case 'poll':
        return fence.poll();
      case 'enable':
        fence.enableSignaling();
        return undefined;
      case 'addFunction':
        return fence.addCallback(() => {
          this.#run(`function on ${String(index)}`, action.script, action.throws);
        });
      case 'addRecord':
        return fence.addCallback(this.#records[action.record % RECORDS] as FenceCallback<readonly Action[]>);
      case 'removeRecord':
        return fence.removeCallback(
          this.#records[action.record % RECORDS] as FenceCallback<readonly Action[]>,
        );
    }
  }

  #run(what: string, script: readonly Action[], throws: boolean): void {
    this.log.push(`${what} begins`);
    for (const action of script) this.log.push(`${action.do}: ${String(this.act(action))}`);
    // eslint-disable-next-line @typescript-eslint/only-throw-error -- the handler logs it as it is
    if (throws) throw `${what} threw`;
  }

  #wait({ kind, fences, timeoutMs }: Extract<Action, { do: 'wait' }>): void {
    const list = fences.map((fence) => this.#fences[fence % this.#fences.length] as DriverFence);
    const abort = new AbortController();
    const options: WaitOptions = { signal: abort.signal, timeoutMs };
    const wait = { state: 'open', abort };
    // The promise tells a turn later; until then the state of the world and of the wait may differ.
    this.#waits.push(wait);
    const waiting: Promise<unknown> =
      kind === 'any'
        ? waitAny(list, options).then(String)
        : (kind === 'all' ? waitAll(list, options) : (list[0] as DriverFence).wait(options)).then(
            () => 'done',
          );
    waiting.then(
      (state) => (wait.state = state as string),
      (error: unknown) => (wait.state = error instanceof FenceError ? error.code : String(error)),
    );
  }
}
