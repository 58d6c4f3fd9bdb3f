import { setWarningHandler } from '@dma-fence/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Strike } from '../../src/engine/chaos.ts';
import { countWrongPixels } from '../../src/picture/compare.ts';
import { Engine, type EngineEvents } from '../../src/engine/engine.ts';
import { jobsOf, renderFrame, RenderTarget } from '../../src/pipeline/frame.ts';
import { OUTPUT, runPasses } from '../../src/pass/pass.ts';
import { seededRandom } from '../../src/random.ts';
import { allocateSurface, pixelsOf, type Size } from '../../src/picture/surface.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeFactory } from '../support/fake-hardware.ts';
import { noisySource } from '../support/picture-noise.ts';

const SIZE: Size = { width: 24, height: 20 };
const SILENT: EngineEvents = { ran: () => undefined, mishap: () => undefined };

function reference(source: SharedArrayBuffer): Uint8Array {
  const pixels = pixelsOf(allocateSurface(SIZE.width * SIZE.height), SIZE);
  pixels.source.set(new Uint8Array(source));
  runPasses(pixels, SIZE);
  return pixels[OUTPUT];
}

interface Bench {
  readonly engines: readonly Engine[];
  readonly factories: readonly FakeFactory[];
  readonly targets: readonly RenderTarget[];
}

function bench(engineCount: number, targetCount: number): Bench {
  const clock = new FakeClock();
  const factories = Array.from({ length: engineCount }, () => new FakeFactory(clock));
  return {
    factories,
    engines: factories.map(({ start }, index) => new Engine(`engine-${String(index)}`, start, clock, SILENT)),
    targets: Array.from({ length: targetCount }, (_, index) => new RenderTarget(String(index), 480)),
  };
}

async function close({ engines, targets }: Bench): Promise<void> {
  await Promise.all(engines.map((engine) => engine.stop()));
  for (const target of targets) target[Symbol.dispose]();
}

async function settle(turns = 30): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
}

/** Runs whatever engine chance picks, until none has anything in its ring. `struck` jobs throw instead. */
async function runInAnyOrder({ factories }: Bench, random: () => number): Promise<void> {
  for (;;) {
    // Engines are at times faster than the CPU's own uploads and readbacks, at times slower.
    await settle(Math.floor(random() * 6));
    const busy = factories.filter(({ current }) => current.ready);
    if (busy.length === 0) await settle();
    const ready = factories.filter(({ current }) => current.ready);
    const picked = ready[Math.floor(random() * ready.length)];
    if (picked === undefined) return;
    const { mischief } = picked.current.ring[0]?.work ?? {};
    if (mischief === 'die') {
      picked.current.begin();
      picked.current.die('chaos');
    } else picked.current.finish();
  }
}

describe('renderFrame', () => {
  it('frames that take turns on the same buffers come out right, in whatever order engines run', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 6 }),
        async (seed, engineCount, targetCount, frames) => {
          const set = bench(engineCount, targetCount);
          const sources = Array.from({ length: frames }, (_, index) => noisySource(SIZE, seed + index));
          const results = sources.map((source, index) => {
            const target = set.targets[index % targetCount] as RenderTarget;
            const request = {
              name: `f${String(index)}`,
              index,
              size: SIZE,
              hangMs: 1e6,
              fenced: true,
              strike: undefined,
            };
            return renderFrame(request, target, set.engines, Promise.resolve(source));
          });
          await runInAnyOrder(set, seededRandom(seed));
          for (const [index, result] of (await Promise.all(results)).entries())
            expect(countWrongPixels(result, reference(sources[index] as SharedArrayBuffer))).toBe(0);
          await close(set);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('a job that fails or kills its engine costs its own frame and no other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer(),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
        fc.constantFrom('throw' as const, 'die' as const),
        async (seed, engineCount, victim, mischief) => {
          const warnings: string[] = [];
          using _handler = setWarningHandler((message) => warnings.push(message));
          const set = bench(engineCount, 2);
          const random = seededRandom(seed);
          const sources = Array.from({ length: 4 }, (_, index) => noisySource(SIZE, seed + index));
          const job = Math.floor(random() * jobsOf(SIZE, engineCount));
          const results = sources.map((source, index) => {
            const strike: Strike | undefined = index === victim ? { job, mischief } : undefined;
            const request = {
              name: `f${String(index)}`,
              index,
              size: SIZE,
              hangMs: 1e6,
              fenced: true,
              strike,
            };
            return renderFrame(
              request,
              set.targets[index % 2] as RenderTarget,
              set.engines,
              Promise.resolve(source),
            );
          });
          const outcomes = Promise.allSettled(results);
          await runInAnyOrder(set, random);
          for (const [index, outcome] of (await outcomes).entries())
            if (index === victim)
              expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'EIO' } });
            else {
              if (outcome.status === 'rejected') throw outcome.reason as Error;
              expect(countWrongPixels(outcome.value, reference(sources[index] as SharedArrayBuffer))).toBe(0);
            }
          await close(set);
          expect(warnings).toEqual([]);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('a picture that cannot be decoded fails every job of its frame with that error', async () => {
    const set = bench(2, 1);
    const request = { name: 'bad', index: 0, size: SIZE, hangMs: 1e6, fenced: true, strike: undefined };
    const bad = renderFrame(
      request,
      set.targets[0] as RenderTarget,
      set.engines,
      Promise.reject(new Error('cut short')),
    );
    const refused = expect(bad).rejects.toMatchObject({ code: 'EIO' });
    await runInAnyOrder(set, seededRandom(1));
    await refused;
    expect(set.engines.map(({ stats }) => stats.jobs)).toEqual([0, 0]);
    await close(set);
  });

  it('without fences the engines run on before the picture is there, and the result is wrong', async () => {
    const set = bench(2, 1);
    const source = noisySource(SIZE, 5);
    let arrive: (source: SharedArrayBuffer) => void = () => undefined;
    const late = new Promise<SharedArrayBuffer>((resolve) => (arrive = resolve));
    const request = { name: 'torn', index: 0, size: SIZE, hangMs: 1e6, fenced: false, strike: undefined };
    const torn = renderFrame(request, set.targets[0] as RenderTarget, set.engines, late);
    await runInAnyOrder(set, seededRandom(1));
    arrive(source);
    expect(countWrongPixels(await torn, reference(source))).toBeGreaterThan(0);
    await settle();
    await close(set);
  });

  it('stopping the engines ends every frame with ECANCELED', async () => {
    const set = bench(2, 2);
    const frames = [0, 1, 2].map((index) => {
      const request = { name: 'f', index, size: SIZE, hangMs: 1e6, fenced: true, strike: undefined };
      return renderFrame(
        request,
        set.targets[index % 2] as RenderTarget,
        set.engines,
        Promise.resolve(noisySource(SIZE)),
      );
    });
    const outcomes = Promise.allSettled(frames);
    await settle();
    await close(set);
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'ECANCELED' } });
  });

  it.each([
    [
      'a reservation that forgets who reads the picture',
      ({ targets }: Bench) => targets.forEach(forgetUsers),
    ],
    [
      'passes that do not hear of the ones before them',
      ({ engines }: Bench) => engines.forEach(forgetInputs),
    ],
  ])('these tests bite: with %s, some order of engines goes wrong', async (_, forget) => {
    let wrong = 0;
    for (let seed = 1; seed <= 40 && wrong === 0; seed += 1) {
      const set = bench(3, 1);
      forget(set);
      const sources = Array.from({ length: 4 }, (_none, index) => noisySource(SIZE, seed + index));
      const results = sources.map((source, index) => {
        const request = { name: 'f', index, size: SIZE, hangMs: 1e6, fenced: true, strike: undefined };
        return renderFrame(request, set.targets[0] as RenderTarget, set.engines, Promise.resolve(source));
      });
      await runInAnyOrder(set, seededRandom(seed));
      for (const [index, result] of (await Promise.all(results)).entries())
        wrong += countWrongPixels(result, reference(sources[index] as SharedArrayBuffer));
      await close(set);
    }
    expect(wrong).toBeGreaterThan(0);
  });
});

/** From now on nobody who uses the picture is put down. */
function forgetUsers({ buffers: { source } }: RenderTarget): void {
  const lock = source.lock.bind(source);
  source.lock = async (...args) => {
    const held = await lock(...args);
    held.add = () => undefined;
    return held;
  };
}

/** From now on jobs wait for who is in their way, and for nobody who makes their input. */
function forgetInputs(engine: Engine): void {
  const submit = engine.submit.bind(engine);
  engine.submit = (request, { order }) => submit(request, { order });
}
