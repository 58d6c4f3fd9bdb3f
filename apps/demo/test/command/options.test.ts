import { describe, expect, it } from 'vitest';
import { helpText, parseOptions, type Options } from '../../src/command/options.ts';
import { UserError } from '../../src/command/user-error.ts';

function options(...args: string[]): Options {
  const command = parseOptions(args);
  if (typeof command === 'string') throw new Error(`options expected, not ${command}`);
  return command;
}

describe('parseOptions', () => {
  it('asks for the drawn scene, checked and measured, when nothing is said', () => {
    expect(options()).toMatchObject({
      input: [],
      output: 'out',
      inFlight: 3,
      frames: 12,
      size: { width: 1600, height: 1000 },
      chaos: undefined,
      hangMs: undefined,
      fences: true,
      race: true,
      json: false,
    });
    expect(options().engines).toBeGreaterThanOrEqual(2);
  });

  it('takes inputs with and without --input, in the order of --input first', () => {
    expect(options('a.png', '-i', 'b.png', '--input=c', 'd').input).toEqual(['b.png', 'c', 'a.png', 'd']);
  });

  it('takes what follows -- as inputs, whatever it looks like', () => {
    expect(options('--', '--chaos').input).toEqual(['--chaos']);
  });

  it('reads every option', () => {
    const line = '-o o -e 4 -f 2 --frames 7 --size 30x20 --hang 5 --chaos 9 --no-race --trace t.json --json';
    const looks = '--validate --dump-pending 300 --otlp http://a:4318';
    expect(options(...`${line} ${looks}`.split(' '))).toEqual({
      input: [],
      output: 'o',
      engines: 4,
      inFlight: 2,
      frames: 7,
      size: { width: 30, height: 20 },
      hangMs: 5,
      chaos: 9,
      fences: true,
      race: false,
      trace: 't.json',
      validate: true,
      deadlock: false,
      dumpPendingMs: 300,
      otlp: 'http://a:4318',
      json: true,
    });
    expect(options('--deadlock')).toMatchObject({ deadlock: true, validate: true });
    expect(options('--no-fences').fences).toBe(false);
  });

  it('help and version come before everything else', () => {
    expect(parseOptions(['-h', '--engines', 'x'])).toBe('help');
    expect(parseOptions(['--version', '--frames', 'x'])).toBe('version');
  });

  it.each([
    ['--dump-pending 0', '--dump-pending takes a whole number from 1 to 3600000'],
    ['--engines 0', '--engines takes a whole number from 1 to 16'],
    ['--engines 17', '--engines takes a whole number from 1 to 16'],
    ['--engines 2.5', '--engines takes a whole number from 1 to 16'],
    ['--engines -1', '--engines'],
    ['--in-flight 1e1', '--in-flight takes a whole number from 1 to 16'],
    ['--frames 0', '--frames takes a whole number from 1 to 1000'],
    ['--chaos many', '--chaos takes a whole number from 0 to 4294967295'],
    ['--hang 0', '--hang takes a whole number from 1 to 3600000'],
    ['--size 10', '--size takes WIDTHxHEIGHT'],
    ['--size 0x5', '--size takes WIDTHxHEIGHT'],
    ['--size 99999x99999', '--size takes WIDTHxHEIGHT of at most 50 megapixels'],
    ['--sizes 3x3', '--sizes'],
    ['--json=yes', '--json'],
    ['--output', '--output'],
    ['--output --json', "Option '--output' needs a value"],
    ['--frames 3 a.png', '--frames is for the drawn scene'],
    ['a.png --size 3x3', '--size is for the drawn scene'],
    ['--chaos 1 --no-fences', '--chaos and --no-fences exclude each other'],
    ['-i=', 'an empty path was given'],
  ])('refuses %s in one line', (line, reason) => {
    const args = line.split(' ').map((word) => (word === '-i=' ? '--input=' : word));
    expect(() => parseOptions(args)).toThrow(UserError);
    expect(() => parseOptions(args)).toThrow(reason);
    expect(() => parseOptions(args)).toThrow(/^[^\n]+$/);
  });
});

describe('helpText', () => {
  it('tells of every option and every exit code, and fits a terminal', () => {
    const text = helpText();
    const words =
      'input output engines in-flight frames size chaos hang no-fences no-race trace json help version';
    for (const word of words.split(' ')) expect(text).toContain(`--${word}`);
    for (const code of [0, 1, 2, 130]) expect(text).toMatch(new RegExp(`\\b${String(code)}\\b`));
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(108);
  });
});
