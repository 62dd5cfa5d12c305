import { fileURLToPath } from 'node:url';
import { string } from '@oclif/core/args';
import { integer, option } from '@oclif/core/flags';
import { captureOutput } from '@oclif/test';
import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import { describe, expect, it } from 'vitest';
import { line, type Result } from '../result.js';
import { BaseCommand } from './base-command.js';

/** A command as small as any, which greets everybody but Bob. */
class Greet extends BaseCommand {
  static override args = { name: string({ required: true, ignoreStdin: true }) };
  static override flags = { times: integer(), how: option({ options: ['warmly', 'coldly'] })() };

  async run(): Promise<Result> {
    const { args } = await this.parse(Greet);
    if (args.name === 'bob') throw new VastaiError('not_found', 'There is no Bob.', { hint: 'Try Alice.' });
    if (args.name === 'nobody') throw new TypeError('nobody is not a person');
    this.output.note('A note.');
    this.output.warn('A warning.');
    return { document: { greeted: args.name }, human: [line(`Hello ${args.name}`)] };
  }
}

const root = fileURLToPath(new URL('..', import.meta.url));

async function greet(...argv: string[]) {
  const { stdout, stderr, error } = await captureOutput(() => Greet.run(argv, { root }));
  return { stdout, stderr, status: error?.oclif?.exit ?? 0 };
}

describe('a command', () => {
  it('prints its result on standard output and all else on standard error', async () => {
    expect(await greet('alice')).toEqual({
      stdout: 'Hello alice\n',
      stderr: 'A note.\nWarning: A warning.\n',
      status: 0,
    });
  });

  it('prints one document with --json', async () => {
    const { stdout } = await greet('alice', '--json');
    expect(JSON.parse(stdout)).toEqual({ greeted: 'alice' });
  });

  it('refuses in the format that was asked for, even if that is what it refuses', async () => {
    const { stdout, status } = await greet('alice', '--raw');
    expect(status).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'usage', message: 'Unknown flag: --raw.' } });
  });

  it('fails with the status of the error, its message and its hint', async () => {
    expect(await greet('bob')).toEqual({
      stdout: '',
      stderr: 'Error: There is no Bob.\nTry Alice.\n',
      status: 6,
    });
    expect(JSON.parse((await greet('bob', '--json')).stdout)).toEqual({
      error: { code: 'not_found', message: 'There is no Bob.', hint: 'Try Alice.' },
    });
  });

  it('shows no stack of what nobody foresaw', async () => {
    const { stdout, stderr, status } = await greet('nobody');
    expect(status).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^Error: nobody is not a person\nThis is a fault of vastai itself/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it.each([
    ['an argument too many', ['alice', 'extra'], 'There is one argument too many.'],
    ['two arguments too many', ['alice', 'x', 'y'], 'There are 2 arguments too many.'],
    ['an unknown flag', ['alice', '--loud=5ecret'], 'Unknown flag: --loud.'],
    ['a flag that looks like a key', ['alice', `--${'5ecret'.repeat(8)}`], 'There is an unknown flag.'],
    ['a value that is not in the list', ['alice', '--how', '5ecret'], '--how takes one of: warmly, coldly.'],
    ['a missing argument', [], 'Missing: NAME.'],
    ['a number that is none', ['alice', '--times', 'x'], /integer/],
    ['a flag without its value', ['alice', '--times'], /--times/],
  ] as const)('calls it wrong usage: %s', async (_, argv, message) => {
    const { stdout, status } = await greet(...argv, '--json');
    expect(status).toBe(2);
    const { error } = JSON.parse(stdout);
    expect(error).toMatchObject({ code: 'usage', hint: expect.stringContaining('--help') });
    if (typeof message === 'string') expect(error.message).toBe(message);
    else expect(error.message).toMatch(message);
    expect(stdout).not.toContain('5ecret');
  });

  it('takes what stands after -- for an argument', async () => {
    expect((await greet('--', '--json')).stdout).toBe('Hello --json\n');
  });
});
