/** A rule of the package, a way to break it, and the test that must find out. */
export interface Bug {
  /** What is kept, as the design says it. */
  rule: string;
  /** Of `src`. */
  file: string;
  /** Text that is there exactly once. */
  right: string;
  wrong: string;
  /** Of `test`. */
  suite: string;
  /** Part of the full name of the test that must fail. */
  test: string;
  /** Only what was really copied can tell. */
  data?: true;
}

export const BUGS: readonly Bug[] = [
  {
    rule: 'a fence waits for its verdict',
    file: 'verdicts.ts',
    right: 'return seqno <= this.#done && !this.#open.has(seqno);',
    wrong: 'return seqno <= this.#done;',
    suite: 'verdicts.test.ts',
    test: 'completion first',
  },
  {
    rule: 'a fence waits for its completion',
    file: 'verdicts.ts',
    right: 'return seqno <= this.#done && !this.#open.has(seqno);',
    wrong: 'return !this.#open.has(seqno) && (seqno <= this.#done || this.#errors.has(seqno));',
    suite: 'verdicts.test.ts',
    test: 'verdict first',
  },
  {
    rule: 'of several errors in one submit memory wins',
    file: 'verdicts.ts',
    right: "(error.code === 'ENOMEM' && known.code !== 'ENOMEM')",
    wrong: 'false',
    suite: 'verdicts.test.ts',
    test: 'of several errors in one submit',
  },
  {
    rule: 'the verdict is not ignored',
    file: 'gpu-queue.ts',
    right: 'this.#judge(seqno, error === null ? undefined : failure(code, what, error));',
    wrong: 'this.#judge(seqno, undefined);',
    suite: 'gpu/gpu-queue.test.ts',
    test: 'that is invalid fails with EINVAL',
  },
  {
    rule: 'no scope is held over a turn',
    file: 'gpu-queue.ts',
    right: '    this.device.popErrorScope().then(\n      (error) => {',
    wrong: '    Promise.resolve().then(() => this.device.popErrorScope()).then(\n      (error) => {',
    suite: 'gpu/gpu-queue.test.ts',
    test: 'is one scope a submit, off in the turn that put it on',
  },
  {
    rule: 'a submit that throws leaves no scope',
    file: 'gpu-queue.ts',
    right: 'if (this.#scoped) this.device.popErrorScope().catch(() => undefined);',
    wrong: '',
    suite: 'gpu/adopt.test.ts',
    test: 'what it refuses, it refuses as before',
  },
  {
    rule: 'completion is asked for once a turn',
    file: 'completion.ts',
    right: 'if (this.#scheduled || this.#stopped) return;',
    wrong: 'if (this.#stopped) return;',
    suite: 'gpu/gpu-queue.test.ts',
    test: 'is completion once a turn, however many wait',
  },
  {
    rule: 'completion is asked for only if somebody waits',
    file: 'completion.ts',
    right: 'const UNWAITED = 64;',
    wrong: 'const UNWAITED = 1;',
    suite: 'gpu/gpu-queue.test.ts',
    test: 'is no completion while nobody waits',
  },
  {
    rule: 'of submits that nobody waits for one in 64 asks',
    file: 'completion.ts',
    right: 'const UNWAITED = 64;',
    wrong: 'const UNWAITED = Infinity;',
    suite: 'gpu/gpu-queue.test.ts',
    test: 'is no completion while nobody waits',
  },
  {
    rule: 'an answer is for what was submitted when it was asked for',
    file: 'gpu-queue.ts',
    right: 'this.#verdicts.done(submitted);',
    wrong: 'this.#verdicts.done(this.submitted);',
    suite: 'gpu/order.test.ts',
    test: 'an answer says nothing of what was submitted after it was asked for',
  },
  {
    rule: 'an error that nobody heard goes to the device',
    file: 'gpu-queue.ts',
    right: 'if (this.#over === undefined) dispatchUncaptured(device, fence);',
    wrong: '',
    suite: 'gpu/gpu-queue.test.ts',
    test: 'goes to the device, once',
  },
  {
    rule: 'a loss is no error of the GPU',
    file: 'gpu-queue.ts',
    right: 'if (this.#over === undefined) dispatchUncaptured(device, fence);',
    wrong: 'dispatchUncaptured(device, fence);',
    suite: 'gpu/loss.test.ts',
    test: 'tells no uncaptured error',
  },
  {
    rule: 'completion that is rejected ends what is pending',
    file: 'completion.ts',
    right: 'client._lose(error);',
    wrong: '',
    suite: 'gpu/order.test.ts',
    test: 'completion: nothing can end well',
  },
  {
    rule: 'a rejected map is a loss only if the device is lost',
    file: 'loss.ts',
    right: '      probe.destroy();\n      alive();',
    wrong: '      probe.destroy();\n      link.client?._lose(cause);',
    suite: 'gpu/order.test.ts',
    test: 'a verdict: its submit alone fails, with EIO',
  },
  {
    rule: 'retired things are freed on loss',
    file: 'gpu-queue.ts',
    right: '    this.#endings.clear();\n    this.#free();',
    wrong: '    this.#endings.clear();',
    suite: 'gpu/loss.test.ts',
    test: 'frees what is retired',
  },
  {
    rule: 'retire() waits for the next submit',
    file: 'gpu-queue.ts',
    right: 'if (this.#over !== undefined) this.#free();',
    wrong: 'this.#free();',
    suite: 'gpu/gpu-queue.test.ts',
    test: 'frees after the next submit, not before',
  },
  {
    rule: 'one adopts',
    file: 'adoption.ts',
    right: 'if (present !== undefined) {',
    wrong: 'if (false) {',
    suite: 'gpu/adopt.test.ts',
    test: 'one adopts',
  },
  {
    rule: 'an engine that looks on a slow timer is nudged',
    file: 'completion.ts',
    right: 'else if (now() - begin > SLOW_MS) {',
    wrong: 'else if (now() - begin > 1e9) {',
    suite: 'gpu/nudge.test.ts',
    test: 'is found out by an answer during which nothing was submitted',
  },
  {
    rule: 'no nudge where something else was submitted',
    file: 'completion.ts',
    right: 'this.#open > 0 && this.#client.submitted === submitted',
    wrong: 'this.#open > 0',
    suite: 'gpu/nudge.test.ts',
    test: 'is not nudged where something else was submitted meanwhile',
  },
  {
    rule: 'at most depth frames are on the GPU',
    file: 'frame-pacer.ts',
    right: 'if (this.inFlight < this.#depth) return true;',
    wrong: 'if (this.inFlight <= this.#depth) return true;',
    suite: 'gpu/frame-pacer.test.ts',
    test: 'not ready while so many are pending',
  },
  {
    rule: 'a lost device rejects who waits for a frame',
    file: 'frame-pacer.ts',
    right: 'if (this.#queue._over !== undefined) throw this.#queue._over;',
    wrong: '',
    suite: 'gpu/frame-pacer.test.ts',
    test: 'a lost device rejects, now and later',
  },
  {
    rule: 'read() before its submit is refused',
    file: 'readback-slot.ts',
    right: 'must(fence.seqno <= submitted, ',
    wrong: 'must(true, ',
    suite: 'gpu/readback.test.ts',
    test: 'before the submit is refused, and the submit is saved',
  },
  {
    rule: 'read() of another device is refused',
    file: 'readback-slot.ts',
    right: '(deviceOf(fence.context) ?? device) === device',
    wrong: 'true',
    suite: 'gpu/readback.test.ts',
    test: 'with the fence of another device is refused',
  },
  {
    rule: 'every path gives the slot back',
    file: 'readback-slot.ts',
    right: '      held.put();\n      this.#ring._giveBack(this.#staging);',
    wrong: '      held.put();',
    suite: 'gpu/readback.test.ts',
    test: 'rejects with what use threw, and gives the slot back',
  },
  {
    rule: 'the copy has a stamp, which is compared',
    file: 'stamps.ts',
    right: 'if (stamp !== this.#stamp || mark !== MARK) return false;',
    wrong: '',
    suite: 'gpu/readback.test.ts',
    test: 'or none',
    data: true,
  },
  {
    rule: 'the stamp is that of this use',
    file: 'stamps.ts',
    right: 'encoder.copyBufferToBuffer(this.#table, this.#stamp * BYTES,',
    wrong: 'encoder.copyBufferToBuffer(this.#table, ((this.#stamp + 1) % STAMPS) * BYTES,',
    suite: 'gpu/readback.test.ts',
    test: 'a slot gives the bytes of its own submit',
    data: true,
  },
];
