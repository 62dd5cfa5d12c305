import { Args, Errors, Flags, Parser } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import { unexpected, unknownFlags, usageErrorOf, withoutParserWords } from './parse-failure.js';

const KEY = '0123456789abcdef'.repeat(4);
const HELP = 'Add --help to see what this command takes.';

const INPUT = {
  args: { id: Args.string({ required: true }) },
  flags: {
    name: Flags.string({ helpValue: 'NAME', required: true }),
    count: Flags.integer({ min: 1 }),
    size: Flags.integer(),
    kind: Flags.option({ options: ['one', 'two'] as const })(),
    left: Flags.boolean({ exclusive: ['right'] }),
    right: Flags.boolean(),
    both: Flags.boolean({ dependsOn: ['left'] }),
    secret: Flags.boolean({ hidden: true }),
  },
};

/** Returns the error for arguments that the parser rejects. */
async function said(...argv: string[]) {
  const error = await Parser.parse(argv, { ...INPUT, context: undefined as never }).catch(
    (thrown: unknown) => thrown,
  );
  const { code, message, hint } = usageErrorOf(error) ?? {};
  return { code, message, hint };
}

const usage = (message: string, hint: string | undefined = HELP) => ({ code: 'usage', message, hint });
const GIVEN = ['42', '--name', 'ci'];

describe('an error of the parser', () => {
  it.each<[string, string[], string, string?]>([
    ['a missing argument', ['--name', 'ci'], 'This command needs ID.'],
    ['a missing flag', ['42'], 'This command needs --name NAME.'],
    ['an extra argument', [...GIVEN, 'more'], 'Unexpected argument "more".'],
    ['two extra arguments', [...GIVEN, 'more', '7'], 'Unexpected arguments "more" and "7".'],
    ['an extra argument that may be a key', [...GIVEN, KEY], 'Unexpected argument.'],
    ['two extra arguments, one of which may be a key', [...GIVEN, 'more', KEY], 'Unexpected arguments.'],
    ['an unknown flag', [...GIVEN, '--bogus'], 'Unknown flag: --bogus.'],
    [
      'a misspelled flag',
      [...GIVEN, '--cuont', '3'],
      'Unknown flag: --cuont.',
      `Did you mean: --count\n${HELP}`,
    ],
    ['a misspelled hidden flag', [...GIVEN, '--secrte'], 'Unknown flag: --secrte.'],
    ['a flag that may be a key', [...GIVEN, `--${KEY}`], 'Unknown flag.'],
    ['a number that is too small', [...GIVEN, '--count', '0'], '--count must be a whole number, 1 or more.'],
    ['a value that is not a number', [...GIVEN, '--size', KEY], '--size takes a whole number.'],
    ['an unknown value', [...GIVEN, '--kind', KEY], '--kind takes one of: one, two.'],
    [
      'flags that exclude each other',
      [...GIVEN, '--left', '--right'],
      '--left and --right cannot be combined.',
    ],
    ['a flag without the one it needs', [...GIVEN, '--both'], '--both needs --left.'],
  ])('is reworded: %s', async (_, argv, message, hint) => {
    expect(await said(...argv)).toEqual(usage(message, hint));
  });

  it('names the command that is run', () => {
    const error = Object.assign(new Errors.CLIError('Missing required flag name'), {
      parse: { input: { context: { id: 'create:api-key' }, flags: INPUT.flags } },
    });
    expect(usageErrorOf(error)?.message).toBe('create api-key needs --name NAME.');
    const bare = Object.assign(
      new Errors.CLIError('Missing required flag other and Missing required flag name'),
      {
        parse: { input: { flags: INPUT.flags } },
      },
    );
    expect(usageErrorOf(bare)?.message).toBe('This command needs --other OTHER and --name NAME.');
  });

  it('may come from oclif itself, and then gets only advice that helps', () => {
    const of = (message: string) => usageErrorOf(new Errors.CLIError(message));
    expect(of('Command frobnicate not found.')).toMatchObject({ message: 'No such command.' });
    expect(of('Command frobnicate not found.')?.hint).toBeUndefined();
    expect(of('It is  wrong\n here')).toMatchObject({ message: 'It is wrong here.' });
    expect(of('Is it wrong?')?.message).toBe('Is it wrong?');
    expect(of('It is!')?.message).toBe('It is!');
    expect(of('The following error occurred:\n  It broke')?.message).toBe('It broke.');
    expect(of('The following errors occurred:\n  It broke')?.message).toBe('It broke.');
    expect(of('It is wrong.\nSee more help with --help')).toMatchObject({
      message: 'It is wrong.',
      hint: HELP,
    });
    expect(of('Flag --x is wrong.')?.hint).toBe(HELP);
    expect(of('The Flag --x is wrong.')?.hint).toBeUndefined();
    expect(of('\u001b[31mred\u001b[39m')?.message).toBe('red.');
  });

  it('is reworded only if the parser says exactly that', () => {
    const of = (message: string) => usageErrorOf(new Errors.CLIError(message))?.message;
    for (const message of [
      'It says: Expected --kind=x to be one of: one',
      'It says: All of the following must be provided when using --both: --left',
      'It says: The following error occurred: x',
      'It says: --a=1 cannot also be provided when using --b',
      'It says: Command x not found',
      'It is wrong. Really',
    ])
      expect(of(message)).toBe(`${message}.`);
    expect(of('Command x not found')).toBe('No such command.');
    expect(of('--a=1 cannot also be provided when using --b\nmore lines')).toBe(
      '--b and --a cannot be combined.',
    );
    expect(of('Command x not found\nTry another')).toBe('Command x not found Try another.');
    expect(of('  It is wrong  ')).toBe('It is wrong.');
    expect(of('Parsing --n \n\tExpected an integer greater than or equal to 12 but received: 1')).toBe(
      '--n must be a whole number, 12 or more.',
    );
    expect(of('It says: Parsing --n \n\tExpected an integer but received: x')).toMatch(/^It says: Parsing/u);
    expect(of('It is wrong. \n See more help with --help')).toBe('It is wrong.');
  });

  it('is only what oclif ends with status 2', () => {
    expect(usageErrorOf(new Error('x'))).toBeUndefined();
    expect(usageErrorOf(Object.assign(new Error('x'), { oclif: { exit: 1 } }))).toBeUndefined();
    expect(usageErrorOf(Object.assign(new Error('x'), { oclif: { exit: 2 } }))?.message).toBe('x.');
    expect(usageErrorOf('x')).toBeUndefined();
    expect(usageErrorOf(undefined)).toBeUndefined();
  });
});

describe('words of the parser', () => {
  it('are removed from the message of an error that a flag threw', () => {
    expect(withoutParserWords('Parsing --ttl \n\tIt is too long.\nSee more help with --help\n')).toBe(
      'It is too long.',
    );
    expect(withoutParserWords('It says Parsing --ttl \n\tsomewhere.')).toBe(
      'It says Parsing --ttl \n\tsomewhere.',
    );
    expect(withoutParserWords('See more help with --help or not')).toBe('See more help with --help or not');
  });
});

describe('unknown flags', () => {
  const known = [{ name: 'count' }, { name: 'secret', hidden: true }];
  it('are named without their values, if none may be a key', () => {
    expect(unknownFlags(['--bogus=x\ny', '-z'], known, 'Hint.')).toMatchObject({
      message: 'Unknown flag: --bogus, -z.',
      hint: 'Hint.',
    });
    for (const flags of [['--bogus', `--${'x'.repeat(26)}`], ['--1'], ['---x'], ['--bogus '], ['x--bogus']])
      expect(unknownFlags(flags, known, 'Hint.')).toMatchObject({ message: 'Unknown flag.', hint: 'Hint.' });
    expect(unknownFlags([`--${'x'.repeat(25)}`], known, 'Hint.').message).toBe(
      `Unknown flag: --${'x'.repeat(25)}.`,
    );
    expect(unknownFlags(['--cuont', '--secrte'], known, 'Hint.').hint).toBe('Did you mean: --count\nHint.');
  });
});

describe('unexpected arguments', () => {
  it.each([
    ['word', true],
    ['two-words_x', true],
    ['a'.repeat(16), true],
    ['a'.repeat(17), false],
    ['12345678', true],
    ['123456789', false],
    ['Word', false],
    ['w0rd', false],
    ['', false],
  ])('are repeated only if they cannot be a key: %s', (arg, isShown) => {
    expect(unexpected([arg])).toBe(isShown ? `Unexpected argument "${arg}".` : 'Unexpected argument.');
  });

  it('are listed in words', () => {
    expect(unexpected(['a', 'b', 'c'])).toBe('Unexpected arguments "a", "b" and "c".');
  });
});
