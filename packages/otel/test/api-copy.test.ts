import { trace } from '@opentelemetry/api';
import { TracerProvider } from '@opentelemetry/sdk-trace';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';

interface Manifest {
  dependencies?: Record<string, string>;
  peerDependencies: Record<string, string>;
}

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Manifest;

describe('the OpenTelemetry API', () => {
  it('is a peer, as core is, and there is no dependency', () => {
    expect(manifest.dependencies ?? {}).toEqual({});
    expect(manifest.peerDependencies).toEqual({
      '@dma-fence/core': '>=0.1.0 <1',
      '@opentelemetry/api': '>=1.9.0 <2',
    });
  });

  it('is the only thing of OpenTelemetry that the sources import', () => {
    const folder = new URL('../src/', import.meta.url);
    const imported = readdirSync(folder)
      .flatMap((file) => [
        ...readFileSync(new URL(file, folder), 'utf8').matchAll(
          /^(?:import|export)[^;]*?from '([^.'][^']*)'/gm,
        ),
      ])
      .map(([, specifier]) => specifier);
    expect([...new Set(imported)].sort()).toEqual(['@dma-fence/core', '@opentelemetry/api']);
  });

  it('is one copy for us and for the SDK: what the application registers is what fences are traced into', () => {
    const ours = createRequire(import.meta.url);
    const sdk = createRequire(ours.resolve('@opentelemetry/sdk-trace'));
    expect(sdk.resolve('@opentelemetry/api')).toBe(ours.resolve('@opentelemetry/api'));
    const provider = new TracerProvider();
    expect(trace.setGlobalTracerProvider(provider)).toBe(true);
    trace.disable();
  });
});
