import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { guideFiles } from '../../../packages/otel/test/support/guide.ts';
import { freePorts, JAEGER } from '../src/backend.ts';
import { deadLinks, Jaeger, tagOf, warningsOf, type JaegerTrace } from '../src/jaeger.ts';

const demo = fileURLToPath(new URL('../../../apps/demo/dist/main.js', import.meta.url));
const otel = fileURLToPath(new URL('../../../packages/otel/', import.meta.url));

/** What a person looks for in a real Jaeger, where there is one; `setup.ts` says where there is none. */
describe.skipIf(JAEGER === undefined)('in a real Jaeger', () => {
  let jaeger: Jaeger;
  beforeAll(async () => {
    jaeger = await Jaeger.start(JAEGER ?? '');
  });
  afterAll(async () => {
    await jaeger[Symbol.asyncDispose]();
  });

  /** A run of the demo, and what it says by the way. */
  function runDemo(...args: string[]) {
    const folder = mkdtempSync(join(tmpdir(), 'jaeger-demo-'));
    const common = ['--size', '320x200', '--frames', '3', '--engines', '2', '--no-race', '--output', folder];
    const child = spawn(process.execPath, [demo, ...common, '--otlp', jaeger.otlp, ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (said += text));
    }
    const exited = once(child, 'exit');
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await exited;
      rmSync(folder, { recursive: true });
    });
    return { child, exited, said: () => said };
  }

  /** Asks until it is as it should be. */
  async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
    return expect.poll(ask, { timeout: 120_000, interval: 300 }).toBeDefined().then(ask) as Promise<T>;
  }

  it('a run is found by the id that it says, whole, with no dead link and no warning', async () => {
    const { exited, said } = runDemo();
    await exited;
    const [, id = '', spans = ''] = /Trace (\w{32}) at .*: (\d+) spans/.exec(said()) ?? [];
    const trace = await until<JaegerTrace>(async () => {
      const seen = await jaeger.trace(id);
      return seen?.spans.length === Number(spans) ? seen : undefined;
    });
    expect(deadLinks(trace)).toEqual([]);
    // Of a trace that was looked at too early Jaeger keeps that its parents were missing.
    expect(warningsOf(trace).filter((text) => !text.includes('not in the trace'))).toEqual([]);
    const names = trace.spans.map(({ operationName }) => operationName);
    expect(names).toEqual(expect.arrayContaining(['run', 'picture scene-01', 'display', 'work']));
    expect((await jaeger.search('demo')).map(({ traceID }) => traceID)).toContain(id);
  });

  it('a run that hangs is found meanwhile, with the one fence that stalls, to which all links lead', async () => {
    const { child, exited, said } = runDemo('--chaos', '14', '--hang', '120000');
    const id = await until(() => Promise.resolve(/Trace (\w{32})/.exec(said())?.[1]));
    expect(
      (await until(async () => (await jaeger.search('demo')).find(({ traceID }) => traceID === id))).traceID,
    ).toBe(id);
    const isStalled = (span: JaegerTrace['spans'][number]) => tagOf(span, 'dma_fence.state') === 'stalled';
    const trace = await until(async () => {
      const seen = await jaeger.trace(id);
      return seen?.spans.some(isStalled) === true ? seen : undefined;
    });
    const errors = trace.spans.filter((span) => tagOf(span, 'error') === true);
    expect(new Set(errors.map((span) => tagOf(span, 'demo.work')))).toEqual(
      new Set(['scene-01 blur across 1/2']),
    );
    expect(errors.every(isStalled)).toBe(true);
    expect(deadLinks(trace)).toEqual([]);
    const [stalled] = errors;
    const behind = trace.spans.filter(
      (span) => tagOf(span, 'dma_fence.queued_behind_span_id') === stalled?.spanID,
    );
    expect(behind.length).toBeGreaterThan(0);
    const byTag = await jaeger.search('demo engine-0', { error: 'true' });
    expect(byTag.map(({ traceID }) => traceID)).toContain(id);
    child.kill('SIGINT');
    await exited;
    // Said again, and sent: the run itself has ended now.
    expect(said().split(id).length).toBeGreaterThan(2);
    await until(async () =>
      (await jaeger.trace(id))?.spans.find(({ operationName }) => operationName === 'run'),
    );
  });

  it('the five-minute guide’s service has no warning in any of its traces', async () => {
    // Inside of the package, where its imports are found, and nobody else looks.
    const scratch = join(otel, 'coverage');
    mkdirSync(scratch, { recursive: true });
    const folder = mkdtempSync(join(scratch, 'guide-'));
    for (const [name, code] of guideFiles()) writeFileSync(join(folder, name), code);
    const [port = 0] = await freePorts(1);
    const service = spawn(process.execPath, ['--import', './tracing.js', 'server.js'], {
      cwd: folder,
      env: { ...process.env, PORT: String(port), OTEL_EXPORTER_OTLP_ENDPOINT: jaeger.otlp, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(service, 'exit');
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    await Promise.race([once(service.stdout, 'data'), exited]);
    for (let request = 0; request < 40; request++) await fetch(`http://127.0.0.1:${String(port)}/thumbnail`);
    service.kill('SIGTERM');
    await exited;
    const traces = await until(async () => {
      const seen = await jaeger.search('thumbnails');
      return seen.length === 40 ? seen : undefined;
    });
    for (const trace of traces) {
      expect(trace.spans.map(({ operationName }) => operationName).sort()).toEqual([
        'GET',
        'fence thumbnails',
        'wait thumbnails',
      ]);
    }
    expect(traces.flatMap(warningsOf)).toEqual([]);
  });
});
