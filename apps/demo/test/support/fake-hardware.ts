import { PASSES } from '../../src/pass.ts';
import {
  STATUS_PAGE,
  type EngineStart,
  type Hardware,
  type HardwareEvents,
  type RingEntry,
  type StartHardware,
} from '../../src/ring.ts';
import { pixelsOf } from '../../src/surface.ts';

/** One start of an engine's hardware, moved by hand. */
export class FakeHardware implements Hardware {
  readonly ring: RingEntry[] = [];
  readonly #status: Int32Array;
  readonly #events: HardwareEvents;
  readonly #stopGate: Promise<void>;
  stopped = false;

  constructor(start: EngineStart, events: HardwareEvents, stopGate: Promise<void>) {
    this.#status = new Int32Array(start.status);
    this.#events = events;
    this.#stopGate = stopGate;
  }

  push(entry: RingEntry): void {
    this.ring.push(entry);
  }

  async stop(): Promise<void> {
    await this.#stopGate;
    this.stopped = true;
  }

  /** The seqnos in the ring. */
  get seqnos(): number[] {
    return this.ring.map(({ seqno }) => seqno);
  }

  /** The thread takes up the first job. */
  begin(): RingEntry {
    const entry = this.ring[0];
    if (entry === undefined) throw new Error('nothing in the ring');
    Atomics.store(this.#status, STATUS_PAGE.BEGAN, entry.seqno);
    return entry;
  }

  /** It finishes the first job without saying so. */
  finishSilently(): RingEntry {
    const entry = this.begin();
    this.ring.shift();
    Atomics.store(this.#status, STATUS_PAGE.FINISHED, entry.seqno);
    return entry;
  }

  /** It finishes the first job, really doing its work if asked to, and raises the interrupt. */
  finish(doWork = false): void {
    const { seqno, work } = this.finishSilently();
    if (doWork) PASSES[work.pass]?.run(pixelsOf(work.pixels, work.size), work.size, work.band);
    this.#events.interrupt({ seqno, startedAt: 0, endedAt: 0, failure: undefined });
  }

  /** The first job throws. */
  throw(failure: string): void {
    const { seqno } = this.begin();
    this.ring.shift();
    this.#events.interrupt({ seqno, startedAt: 0, endedAt: 0, failure });
  }

  /** The thread ends by itself. */
  die(reason: string): void {
    this.#events.died(reason);
  }
}

/** Starts fakes and keeps them: the last one is the one in use. */
export class FakeFactory {
  readonly started: FakeHardware[] = [];
  /** While set, hardware that is told to stop goes on until it resolves. */
  stopGate: Promise<void> = Promise.resolve();

  readonly start: StartHardware = (start, events) => {
    const hardware = new FakeHardware(start, events, this.stopGate);
    this.started.push(hardware);
    return hardware;
  };

  get current(): FakeHardware {
    const last = this.started.at(-1);
    if (last === undefined) throw new Error('nothing was started');
    return last;
  }
}
