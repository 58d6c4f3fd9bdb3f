import { RECORDS, type Action, type Answer, type World } from './action.js';

interface ReferenceFence {
  status: string;
  error: string | undefined;
  /** Rises with every failure. */
  order: number;
  refs: number;
  hung: Hung[];
}

/** What hangs on a fence, in plain order. */
type Hung = { script: readonly Action[]; throws: boolean } | { record: number } | { wait: number };

interface ReferenceWait {
  kind: 'one' | 'all' | 'any';
  fences: number[];
  until: number;
  state: string;
}

/** The contract, written down as plainly as it can be: lists, loops, and no thought of speed. */
export class ReferenceWorld implements World {
  readonly log: string[] = [];
  readonly #scripts: readonly (readonly Action[])[];
  readonly #fences: ReferenceFence[] = [];
  readonly #waits: ReferenceWait[] = [];
  #now = 0;
  #failures = 0;

  constructor(scripts: readonly (readonly Action[])[]) {
    this.#scripts = scripts;
    this.act({ do: 'create' });
  }

  act(action: Action): Answer {
    switch (action.do) {
      case 'create':
        this.#fences.push({ status: 'pending', error: undefined, order: 0, refs: 1, hung: [] });
        return this.#fences.length;
      case 'abort': {
        const wait = this.#waits[action.wait % Math.max(this.#waits.length, 1)];
        if (wait !== undefined) this.#decide(wait);
        if (wait?.state === 'open') this.#close(wait, 'aborted');
        return undefined;
      }
      case 'pass':
        this.#now += action.ms;
        for (const wait of this.#waits)
          if (wait.state === 'open' && wait.until <= this.#now) this.#close(wait, 'ETIME');
        return undefined;
      case 'wait':
        return this.#wait(action);
      default:
        return this.#onFence(action);
    }
  }

  look(): Promise<unknown> {
    return Promise.resolve({
      pending: this.#fences.filter(({ status }) => status === 'pending').length,
      fences: this.#fences.map(({ status, error, refs }) => [status, error, refs]),
      records: Array.from({ length: RECORDS }, (_, record) => this.#whereIs(record) !== undefined),
      waits: this.#waits.map(({ state }) => state),
      log: this.log,
    });
  }

  #onFence(action: Extract<Action, { fence: number }>): Answer {
    const index = action.fence % this.#fences.length;
    const fence = this.#fences[index] as ReferenceFence;
    if (action.do === 'removeRecord') {
      const record = action.record % RECORDS;
      if (this.#whereIs(record) !== fence) return false;
      fence.hung = fence.hung.filter((hung) => !('record' in hung && hung.record === record));
      return true;
    }
    if (fence.refs === 0) return 'EINVAL';
    switch (action.do) {
      case 'get':
        return ++fence.refs;
      case 'put':
        if (--fence.refs === 0 && fence.status === 'pending') this.#finish(index, 'EDEADLK');
        return undefined;
      case 'signal':
        if (fence.status !== 'pending') return false;
        this.#finish(index, undefined);
        return true;
      case 'fail':
        if (fence.status !== 'pending') return false;
        this.#finish(index, action.code);
        return true;
      case 'poll':
        return fence.status !== 'pending';
      case 'enable':
        return undefined;
      case 'addFunction':
        if (fence.status !== 'pending') return false;
        fence.hung.push(action);
        return true;
      case 'addRecord': {
        const record = action.record % RECORDS;
        if (this.#whereIs(record) !== undefined) return 'EINVAL';
        if (fence.status !== 'pending') return false;
        fence.hung.push({ record });
        return true;
      }
    }
  }

  #whereIs(record: number): ReferenceFence | undefined {
    return this.#fences.find(({ hung }) => hung.some((one) => 'record' in one && one.record === record));
  }

  #finish(index: number, error: string | undefined): void {
    const fence = this.#fences[index] as ReferenceFence;
    fence.status = error === undefined ? 'signaled' : 'failed';
    fence.error = error;
    if (error !== undefined) fence.order = ++this.#failures;
    for (let hung = fence.hung.shift(); hung !== undefined; hung = fence.hung.shift()) {
      if ('wait' in hung) this.#decide(this.#waits[hung.wait] as ReferenceWait);
      else if ('record' in hung)
        this.#run(
          `record ${String(hung.record)} on ${String(index)}`,
          this.#scripts[hung.record] ?? [],
          false,
        );
      else this.#run(`function on ${String(index)}`, hung.script, hung.throws);
    }
  }

  #run(what: string, script: readonly Action[], throws: boolean): void {
    this.log.push(`${what} begins`);
    for (const action of script) this.log.push(`${action.do}: ${String(this.act(action))}`);
    if (throws) this.log.push(`${what} threw`);
  }

  #wait({ kind, fences, timeoutMs }: Extract<Action, { do: 'wait' }>): Answer {
    const indices = (kind === 'one' ? fences.slice(0, 1) : fences).map(
      (fence) => fence % this.#fences.length,
    );
    const wait: ReferenceWait = {
      kind,
      fences: indices,
      until: this.#now + (timeoutMs ?? Infinity),
      state: 'open',
    };
    this.#waits.push(wait);
    if (indices.some((index) => this.#fences[index]?.refs === 0)) {
      wait.state = 'EINVAL';
      return undefined;
    }
    this.#decide(wait);
    if (wait.state !== 'open') return undefined;
    if (timeoutMs === 0) {
      wait.state = 'ETIME';
      return undefined;
    }
    for (const index of indices) {
      const fence = this.#fences[index] as ReferenceFence;
      if (fence.status === 'pending') fence.hung.push({ wait: this.#waits.indexOf(wait) });
    }
    return undefined;
  }

  /** Any: the lowest index that is over. All: the first failure, or everything over. */
  #decide(wait: ReferenceWait): void {
    if (wait.state !== 'open') return;
    const fences = wait.fences.map((index) => this.#fences[index] as ReferenceFence);
    if (wait.kind === 'any') {
      const index = fences.findIndex(({ status }) => status !== 'pending');
      if (index >= 0) this.#close(wait, String(index));
      return;
    }
    const failed = fences.filter(({ status }) => status === 'failed').sort((a, b) => a.order - b.order)[0];
    if (failed !== undefined) this.#close(wait, failed.error as string);
    else if (fences.every(({ status }) => status === 'signaled')) this.#close(wait, 'done');
  }

  #close(wait: ReferenceWait, state: string): void {
    wait.state = state;
    const index = this.#waits.indexOf(wait);
    for (const fence of this.#fences)
      fence.hung = fence.hung.filter((hung) => !('wait' in hung && hung.wait === index));
  }
}
