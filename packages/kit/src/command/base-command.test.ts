import { fileURLToPath } from 'node:url';
import { string } from '@oclif/core/args';
import { boolean, integer, option, string as text } from '@oclif/core/flags';
import { captureOutput } from '@oclif/test';
import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import { describe, expect, it } from 'vitest';
import { line, type Result } from '../result.js';
import { BaseCommand } from './base-command.js';

/** Greets everybody but Bob. */
class Greet extends BaseCommand {
  static override id = 'greet';
  static override args = { name: string({ required: true, ignoreStdin: true }) };
  static override flags = {
    times: integer(),
    how: option({ options: ['warmly', 'coldly'] })(),
    as: text(),
    silently: boolean({ exclusive: ['as', 'times'] }),
  };

  async run(): Promise<Result> {
    const { args } = await this.parse(Greet);
    if (args.name === 'bob') throw new VastaiError('not_found', 'There is no Bob.', { hint: 'Try Alice.' });
    if (args.name === 'nobody') throw new TypeError('nobody is not a person');
    this.output.note('A note.');
    this.output.warn('A warning.');
    return {
      document: { greeted: args.name, format: 'json' },
      raw: { greeted: args.name, format: 'raw' },
      human: [line(`Hello ${args.name}`)],
    };
  }
}

const root = fileURLToPath(new URL('..', import.meta.url));

async function greet(...argv: string[]) {
  const { stdout, stderr, error } = await captureOutput(() => Greet.run(argv, { root }));
  return { stdout, stderr, status: error?.oclif?.exit ?? 0 };
}

describe('a command', () => {
  it('prints its result to standard output and everything else to standard error', async () => {
    expect(await greet('alice')).toEqual({
      stdout: 'Hello alice\n',
      stderr: 'A note.\nWarning: A warning.\n',
      status: 0,
    });
  });

  it('prints one document with --json', async () => {
    const { stdout } = await greet('alice', '--json');
    expect(JSON.parse(stdout)).toEqual({ greeted: 'alice', format: 'json' });
  });

  it('reports an unknown format flag in that format', async () => {
    const { stdout, status } = await greet('alice', '--raw');
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'usage', message: 'Unknown flag: --raw.' } });
  });

  it('exits with the status of the error and prints its message and hint', async () => {
    expect(await greet('bob')).toEqual({
      stdout: '',
      stderr: 'Error: There is no Bob.\nTry Alice.\n',
      status: 6,
    });
    expect(JSON.parse((await greet('bob', '--json')).stdout)).toEqual({
      error: { code: 'not_found', message: 'There is no Bob.', hint: 'Try Alice.' },
    });
  });

  it('prints no stack trace for an unexpected error', async () => {
    const { stdout, stderr, status } = await greet('nobody');
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^Error: nobody is not a person\nThis is a bug in vastai/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each([
    ['an unexpected argument', ['alice', 'extra'], 'Unexpected argument "extra".'],
    ['two unexpected arguments', ['alice', 'x', '42'], 'Unexpected arguments "x" and "42".'],
    ['an unexpected argument that may be a key', ['alice', '5ecret'], 'Unexpected argument.'],
    ['unexpected arguments of which one may be a key', ['alice', 'x', '5ecret'], 'Unexpected arguments.'],
    ['an unknown flag', ['alice', '--loud=5ecret'], 'Unknown flag: --loud.'],
    ['a flag that looks like a key', ['alice', `--${'5ecret'.repeat(8)}`], 'Unknown flag.'],
    ['a value that is not in the list', ['alice', '--how', '5ecret'], '--how takes one of: warmly, coldly.'],
    ['a missing argument', [], 'greet needs NAME.'],
    ['a value that is not a number', ['alice', '--times', 'x'], /^--times takes a whole number\.$/],
    ['a flag without its value', ['alice', '--times'], /--times/],
    [
      'two flags that exclude each other, one with what may be a key',
      ['alice', '--silently', '--as', '5ecret\nof two lines'],
      '--silently and --as cannot be combined.',
    ],
    [
      'three flags that exclude each other',
      ['alice', '--as=me', '--silently', '--times=2'],
      '--silently and --as cannot be combined.',
    ],
  ] as const)('reports wrong usage: %s', async (_, argv, message) => {
    const { stdout, status } = await greet(...argv, '--json');
    expect(status).toBe(2);
    const { error } = JSON.parse(stdout);
    expect(error).toMatchObject({ code: 'usage', hint: expect.stringContaining('--help') });
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
    expect(stdout).not.toContain('5ecret');
  });

  it('treats everything after -- as an argument', async () => {
    expect((await greet('--', '--json')).stdout).toBe('Hello --json\n');
  });
});
