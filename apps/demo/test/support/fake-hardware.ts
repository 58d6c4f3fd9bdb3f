import { SharedTimeline } from '@dma-fence/core/shared';
import { EventEmitter } from 'node:events';
import { Executor } from '../../src/engine/executor.ts';
import {
  STATUS_PAGE,
  type EngineStart,
  type Hardware,
  type HardwareEvents,
  type RingEntry,
  type StartHardware,
} from '../../src/engine/ring.ts';
import type { FakeClock } from './fake-clock.ts';

/** What is told of a thread that is gone. */
class FakeOwner extends EventEmitter {
  threadId = 1;

  exit(): void {
    this.threadId = -1;
    this.emit('exit');
  }
}

/** One start of an engine's hardware, moved by hand: the real executor, one job at a time, in the test's own thread. */
export class FakeHardware implements Hardware {
  readonly owner: FakeOwner = new FakeOwner();
  readonly ring: RingEntry[] = [];
  readonly #status: Int32Array;
  readonly #executor: Executor;
  readonly #clock: FakeClock;
  readonly #events: HardwareEvents;
  readonly #stopGate: Promise<void>;
  stopped = false;

  constructor(start: EngineStart, events: HardwareEvents, clock: FakeClock, stopGate: Promise<void>) {
    this.#status = start.status;
    this.#executor = new Executor(
      start,
      () => clock.now(),
      (note) => {
        events.note(note);
      },
    );
    this.#clock = clock;
    this.#events = events;
    this.#stopGate = stopGate;
  }

  push(entry: RingEntry): void {
    this.ring.push(entry);
  }

  async stop(): Promise<void> {
    await this.#stopGate;
    this.stopped = true;
    if (this.owner.threadId !== -1) this.owner.exit();
  }

  /** The seqnos in the ring. */
  get seqnos(): number[] {
    return this.ring.map(({ seqno }) => seqno);
  }

  /** Whether there is a job that need not wait: running another one would block the test. */
  get ready(): boolean {
    const [entry] = this.ring;
    return entry?.after.every(isOver) === true;
  }

  /** The thread takes up the first job, and waits. */
  take(): RingEntry {
    const entry = this.ring[0];
    if (entry === undefined) throw new Error('nothing in the ring');
    Atomics.store(this.#status, STATUS_PAGE.TAKEN, entry.seqno);
    return entry;
  }

  /** The thread begins with the first job. */
  begin(): RingEntry {
    const entry = this.take();
    entry.times[0] = this.#clock.now();
    Atomics.store(this.#status, STATUS_PAGE.BEGAN, entry.seqno);
    return entry;
  }

  /** It does the first job, and signals. */
  finish(): void {
    if (!this.ready) throw new Error('the first job has to wait, or there is none');
    this.#executor.run(this.ring.shift() as RingEntry);
  }

  /** The first job throws. */
  throw(): void {
    const entry = this.ring.shift() as RingEntry;
    this.ring.unshift({ ...entry, work: { ...entry.work, mischief: 'throw' } });
    this.finish();
  }

  /** The thread ends by itself. */
  die(reason: string): void {
    this.#events.died(reason);
    this.owner.exit();
  }
}

/** Starts fakes and keeps them: the last one is the one in use. */
export class FakeFactory {
  readonly started: FakeHardware[] = [];
  readonly #clock: FakeClock;
  /** While set, hardware that is told to stop goes on until it resolves. */
  stopGate: Promise<void> = Promise.resolve();

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  readonly start: StartHardware = (start, events) => {
    const hardware = new FakeHardware(start, events, this.#clock, this.stopGate);
    this.started.push(hardware);
    return hardware;
  };

  get current(): FakeHardware {
    const last = this.started.at(-1);
    if (last === undefined) throw new Error('nothing was started');
    return last;
  }
}

function isOver({ on, value }: RingEntry['after'][number]): boolean {
  using timeline = SharedTimeline.attach(on);
  return timeline.value >= value;
}
