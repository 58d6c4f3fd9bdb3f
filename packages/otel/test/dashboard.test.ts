import { DmaFenceContext, setWarningHandler } from '@dma-fence/core';
import { traceFences } from '@dma-fence/otel';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { OtlpReceiver, type ReceivedMetric } from './support/otlp-receiver.ts';

const docs = new URL('../../../docs/', import.meta.url);

interface Dashboard {
  panels: { title: string; targets: { expr: string }[] }[];
}

/** What Prometheus calls an OTLP metric, by the rules that its receivers share. */
function prometheusName({ name, unit, monotonic }: ReceivedMetric & { monotonic: boolean }): string {
  return `${name.replaceAll('.', '_')}${unit === 's' ? '_seconds' : ''}${monotonic ? '_total' : ''}`;
}

/** Every metric with every attribute that we send. */
async function sent(): Promise<ReceivedMetric[]> {
  await using receiver = await OtlpReceiver.listen();
  const exporter = new OTLPMetricExporter({ url: receiver.url('metrics') });
  const meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })],
  });
  using _quiet = setWarningHandler(() => undefined);
  using _tracing = traceFences({ meterProvider });
  const gpu = new DmaFenceContext({ driverName: 'gpu', timelineName: 'ring0' });
  const good = gpu.createFence();
  good.addCallback(() => undefined);
  const waited = good.wait();
  good.signal();
  await waited;
  gpu.createFence().fail('EIO');
  gpu.createFence().put();
  await meterProvider.shutdown();
  return receiver.metrics;
}

describe('the metrics', () => {
  it('are those of the guide and of its dashboard, under the names that Prometheus gives them', async () => {
    const metrics = await sent();
    const names = new Map(
      metrics.map((metric) => [
        prometheusName({ ...metric, monotonic: metric.name === 'dma_fence.leaks' }),
        metric,
      ]),
    );
    const guide = readFileSync(new URL('tracing.md', docs), 'utf8');
    const table = [...guide.matchAll(/^\| `(dma_fence\.[a-z.]+)`.*\| +`(dma_fence_[a-z_]+)` +\|$/gm)];
    expect(table.map(([, , name]) => name).sort()).toEqual([...names.keys()].sort());
    for (const [, name = '', inPrometheus = ''] of table) expect(names.get(inPrometheus)?.name).toBe(name);

    const dashboard = JSON.parse(readFileSync(new URL('grafana-dashboard.json', docs), 'utf8')) as Dashboard;
    const used = new Set<string>();
    for (const { expr } of dashboard.panels.flatMap(({ targets }) => targets)) {
      const [, name = ''] =
        /\b(dma_fence_[a-z_]+?)(?:_bucket|_count)?(?=[{)]|$)/.exec(expr.replaceAll(/by \([^)]*\)/g, '')) ??
        [];
      const metric = names.get(name) ?? names.get(`${name}_count`);
      expect(metric, `${expr} asks for ${name}`).toBeDefined();
      used.add(metric?.name ?? '');
      const attributes = new Set(
        metric?.points.flatMap(({ attributes }) =>
          Object.keys(attributes).map((key) => key.replaceAll('.', '_')),
        ),
      );
      for (const [, label = ''] of expr.matchAll(/\b([a-z_]+)(?:=~?|!=)"/g)) {
        expect([...attributes], `${expr} asks for ${label}`).toContain(label);
      }
    }
    expect([...used].sort()).toEqual(metrics.map(({ name }) => name).sort());
  });
});
