import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root } from '../../../scripts/workspace.js';
import { readPages } from '../src/markdown.ts';

interface Service {
  readonly image: string;
  readonly mem_limit: string;
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly volumes: readonly string[];
  readonly ports: readonly string[];
}

/** A line of `compose.yaml`, which keeps to blocks of keys and lists; anything else is refused. */
const LINE =
  /^(?<indent>(?: {2})*)(?:- (?<item>[^\s"'{[&*|>].*)|(?<key>[\w.-]+):(?: (?<value>[^\s"'{[&*|>].*))?)$/;

type Block = Record<string, unknown> | string[];

/** Reads the YAML that the file needs: a key with a value, a key over a block, a list of plain words. */
function parse(text: string): Record<string, unknown> {
  const top: Record<string, unknown> = {};
  /** The blocks that are open, by depth: each is put under its key when its first line shows what it is. */
  const open: (() => Block)[] = [() => top];
  for (const line of text.split('\n')) {
    if (/^(?:#.*)?$/.test(line)) continue;
    const groups = LINE.exec(line)?.groups;
    if (groups === undefined) throw new Error(`compose.yaml: this reader does not know ${line}`);
    const { indent = '', item, key = '', value } = groups;
    const depth = indent.length / 2;
    const block = open[depth]?.();
    if (block === undefined) throw new Error(`compose.yaml: ${line} is below nothing`);
    if (item !== undefined) {
      (block as string[]).push(item);
      continue;
    }
    const record = block as Record<string, unknown>;
    if (value !== undefined) record[key] = value;
    open.length = depth + 1;
    if (value === undefined) {
      const isList = new RegExp(
        `\\n {${String(indent.length)}}${key}:\\n {${String(indent.length + 2)}}- `,
      ).test(`\n${text}`);
      const child: Block = isList ? [] : {};
      record[key] = child;
      open.push(() => child);
    }
  }
  return top;
}

const text = readFileSync(join(root, 'compose.yaml'), 'utf8');
const { services } = parse(text) as { services: Record<string, Service> };
const all = Object.entries(services);

/** Bytes of `2g` and `1700MiB`. */
function bytes(size: string): number {
  const [, number = '', unit = ''] = /^(\d+)([mg])(?:iB)?$/i.exec(size) ?? [];
  return Number(number) * (unit.toLowerCase() === 'g' ? 2 ** 30 : 2 ** 20);
}

/** What the docs say of it: every page that sends its reader to the file. */
const pages = readPages()
  .map(({ name }) => ({ name, text: readFileSync(join(root, name), 'utf8') }))
  .filter((page) => page.text.includes('compose.yaml'));

const published = all.flatMap(([, { ports }]) => ports.map((port) => port.split(':')[1]));

describe('compose.yaml', () => {
  test('names services, and each has an image of one exact version', () => {
    expect(all.map(([name]) => name)).toEqual(['jaeger']);
    for (const [, { image }] of all) expect(image).toMatch(/^[\w./-]+:\d+\.\d+\.\d+$/);
  });

  test.each(all)('%s has a bound on its memory, and Go is told of a lower one', (_name, service) => {
    expect(bytes(service.mem_limit)).toBeGreaterThan(2 ** 28);
    const told = bytes(service.environment['GOMEMLIMIT'] ?? '');
    expect(told).toBeGreaterThan(2 ** 28);
    expect(told).toBeLessThan(bytes(service.mem_limit));
  });

  test.each(all)('%s is reached from this machine only, at the numbers it has inside', (_name, service) => {
    expect(service.ports.length).toBeGreaterThan(0);
    for (const port of service.ports) expect(port).toMatch(/^127\.0\.0\.1:(\d+):\1$/);
    expect(new Set(service.ports).size).toBe(service.ports.length);
  });

  test.each(all)('%s mounts files that are there, for reading', (_name, service) => {
    expect(service.volumes.length).toBeGreaterThan(0);
    for (const volume of service.volumes) {
      const [from = '', to = '', mode] = volume.split(':');
      expect(existsSync(join(root, from)) && statSync(join(root, from)).isFile(), from).toBe(true);
      expect(to).toMatch(/^\//);
      expect(mode).toBe('ro');
    }
  });

  test.each(all)('%s is given only files that are mounted', (_name, service) => {
    const targets = service.volumes.map((volume) => volume.split(':')[1]);
    const wanted = service.command.flatMap((option) => /_file=(.+)$/.exec(option)?.[1] ?? []);
    expect(wanted.length).toBeGreaterThan(0);
    for (const file of wanted) expect(targets).toContain(file);
  });

  test('its first lines name the ports that it publishes, and no other', () => {
    const named = [...text.matchAll(/^# .*\blocalhost:(\d+)/gm)].map(([, port]) => port);
    expect(named.toSorted()).toEqual(published.toSorted());
  });
});

describe('the pages that send their readers to compose.yaml', () => {
  test('are the tracing guide and the demo’s README', () => {
    expect(pages.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['docs/tracing.md', 'apps/demo/README.md']),
    );
  });

  test.each(pages)('$name names no address that it does not publish', (page) => {
    const named = [...page.text.matchAll(/http:\/\/localhost:(\d+)/g)].map(([, port]) => port);
    expect(named.length).toBeGreaterThan(0);
    expect(published).toEqual(expect.arrayContaining(named));
  });

  test.each(pages)('$name speaks of the version that it starts', (page) => {
    const [, version = ''] = /:([\d.]+)$/.exec(services['jaeger']?.image ?? '') ?? [];
    for (const [, named = ''] of page.text.matchAll(/\bJaeger (\d+(?:\.\d+)*)/g))
      expect(`${version}.`.startsWith(`${named}.`), `Jaeger ${named}`).toBe(true);
  });
});
