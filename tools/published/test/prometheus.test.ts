import { DmaFenceContext, setWarningHandler } from '@dma-fence/core';
import { traceFences } from '@dma-fence/otel';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { Backend, freePorts, PROMETHEUS, PROMETHEUS_TAKES_OTLP } from '../src/backend.ts';

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
}

const { panels } = JSON.parse(
  readFileSync(new URL('../../../docs/grafana-dashboard.json', import.meta.url), 'utf8'),
) as Dashboard;

/** As Grafana fills it in. */
function filledIn(expr: string): string {
  return expr.replaceAll('$driver', '.*').replaceAll('$__rate_interval', '1m');
}

/** The exporter's text under the names that Prometheus' OTLP receiver gives: those of seconds say so. */
function asOverOtlp(text: string): string {
  return text.replaceAll(
    /\b(dma_fence_(?:pending_age|\w+?_duration))(?=(?:_bucket|_count|_sum)?[{ ])/g,
    '$1_seconds',
  );
}

/** Every metric goes up all the time; one fence hangs. */
function someWork(meterProvider: MeterProvider): Disposable {
  const quiet = setWarningHandler(() => undefined);
  const tracing = traceFences({ meterProvider, pendingAfterMs: 100, hangAfterMs: 300 });
  const gpu = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
  const hung = gpu.createFence();
  const timer = setInterval(() => {
    const good = gpu.createFence();
    good.addCallback(() => undefined);
    void good.wait();
    good.signal();
    good.put();
    const bad = gpu.createFence();
    bad.fail('EIO');
    bad.put();
    gpu.createFence().put();
  }, 50);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      hung.signal();
      hung.put();
      tracing[Symbol.dispose]();
      quiet[Symbol.dispose]();
    },
  };
}

/** A Prometheus that scrapes that port each second, and takes OTLP if it can. */
async function startPrometheus(port: number, scraped: number): Promise<Backend> {
  const config = `
global: { scrape_interval: 1s }
scrape_configs: [{ job_name: fences, static_configs: [{ targets: ['127.0.0.1:${String(scraped)}'] }] }]
`;
  const backend = await Backend.start(PROMETHEUS ?? '', port, '/-/ready', config, (file, folder) => [
    `--config.file=${file}`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${String(port)}`,
    ...(PROMETHEUS_TAKES_OTLP ? ['--web.enable-otlp-receiver'] : []),
  ]);
  onTestFinished(() => backend[Symbol.asyncDispose]());
  return backend;
}

/** Fails for a panel that stays empty, and for one that shows a zero where there is no such metric. */
async function expectAllFilled(prometheus: Backend): Promise<void> {
  const valueOf = async (expr: string): Promise<number | undefined> => {
    const path = `/api/v1/query?query=${encodeURIComponent(filledIn(expr))}`;
    const { data } = await prometheus.json<{ data: { result: { value: [number, string] }[] } }>(path);
    // The highest of a panel's lines: those of states in which no fence is are 0.
    return data.result.length === 0
      ? undefined
      : Math.max(...data.result.map(({ value }) => Number(value[1])));
  };
  for (const { title, targets } of panels) {
    for (const { expr } of targets) {
      // Above 0: a zero may stand for a metric that is not there.
      await expect
        .poll(() => valueOf(expr), { timeout: 60_000, interval: 500, message: `${title}: ${expr}` })
        .toBeGreaterThan(0);
    }
  }
  expect(await valueOf('dma_fence_count{dma_fence_state="abandoned"}')).toBe(1);
  // A metric that is not there is not shown as zero.
  for (const { expr } of panels.flatMap((panel) => panel.targets)) {
    expect(await valueOf(expr.replaceAll('dma_fence_', 'absent_'))).toBeUndefined();
  }
}

/** Every panel of the dashboard, asked in a real Prometheus, where there is one; `setup.ts` says where there is none. */
describe.skipIf(PROMETHEUS === undefined)('in a real Prometheus', () => {
  let ports: number[];
  beforeEach(async () => {
    ports = await freePorts(3);
  });

  it.each([
    ['the SDK’s PrometheusExporter', (text: string) => text],
    ['OTLP', asOverOtlp],
  ])('all panels of the dashboard are filled, by the names of %s', async (_, rename) => {
    const [exporterPort = 0, renamedPort = 0, prometheusPort = 0] = ports;
    const exporter = new PrometheusExporter({ host: '127.0.0.1', port: exporterPort });
    const meterProvider = new MeterProvider({ readers: [exporter] });
    const renamed = createServer((_request, response) => {
      void fetch(`http://127.0.0.1:${String(exporterPort)}/metrics`)
        .then((answer) => answer.text())
        .then((text) =>
          response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(rename(text)),
        );
    }).listen(renamedPort, '127.0.0.1');
    await once(renamed, 'listening');
    const work = someWork(meterProvider);
    onTestFinished(async () => {
      work[Symbol.dispose]();
      renamed.closeAllConnections();
      renamed.close();
      await meterProvider.shutdown();
    });
    await expectAllFilled(await startPrometheus(prometheusPort, renamedPort));
  });

  it.skipIf(!PROMETHEUS_TAKES_OTLP)(
    'all panels of the dashboard are filled, sent to its own OTLP receiver',
    async () => {
      const [prometheusPort = 0, nobody = 0] = ports;
      const prometheus = await startPrometheus(prometheusPort, nobody);
      const exporter = new OTLPMetricExporter({ url: `${prometheus.origin}/api/v1/otlp/v1/metrics` });
      const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1000 });
      const meterProvider = new MeterProvider({ readers: [reader] });
      const work = someWork(meterProvider);
      onTestFinished(async () => {
        work[Symbol.dispose]();
        await meterProvider.shutdown();
      });
      await expectAllFilled(prometheus);
    },
  );
});
