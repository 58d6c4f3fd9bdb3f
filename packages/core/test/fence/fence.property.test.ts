import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { anyAction, anyScripts, type Action, type World } from '../model/action.js';
import { FenceWorld } from '../model/fence-world.js';
import { ReferenceWorld } from '../model/reference-world.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Does one action to both worlds; they must answer and look the same. */
class Act implements fc.AsyncCommand<{ world: World }, World> {
  readonly action: Action;

  constructor(action: Action) {
    this.action = action;
  }

  check(): boolean {
    return true;
  }

  async run({ world: model }: { world: World }, real: World): Promise<void> {
    expect(real.act(this.action)).toEqual(model.act(this.action));
    expect(await real.look()).toEqual(await model.look());
  }

  toString(): string {
    return JSON.stringify(this.action);
  }
}

const commands = fc.commands([anyAction.map((action) => new Act(action))], { maxCommands: 60, size: 'max' });

test('any sequence of actions, from outside and from inside callbacks, does what the reference model does', async () => {
  await fc.assert(
    fc.asyncProperty(anyScripts, commands, async (scripts, sequence) => {
      using real = new FenceWorld(scripts);
      await fc.asyncModelRun(() => ({ model: { world: new ReferenceWorld(scripts) }, real }), sequence);
    }),
    { numRuns: 400 },
  );
});

test('the check bites: a model that forgets one callback is told from the real thing', async () => {
  class Forgetful extends ReferenceWorld {
    override act(action: Action) {
      const answer = super.act(action);
      if (action.do === 'signal' && answer === true && this.log.length > 0) this.log.pop();
      return answer;
    }
  }
  const verdict = await fc.check(
    fc.asyncProperty(anyScripts, commands, async (scripts, sequence) => {
      using real = new FenceWorld(scripts);
      await fc.asyncModelRun(() => ({ model: { world: new Forgetful(scripts) }, real }), sequence);
    }),
    { numRuns: 400 },
  );
  expect(verdict.failed).toBe(true);
});
