import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMAND_NAMES } from '../catalogue/commands.js';
import { readTypedCommand } from './typed-command.js';

const read = (text: string) => {
  const typed = readTypedCommand(text);
  return typed && [typed.command.name, typed.words, Object.fromEntries(typed.flags)];
};

describe('readTypedCommand', () => {
  it.each<[string, string, words: string[], flags: Record<string, string | undefined>]>([
    ['destroy instance', 'destroy instance', [], {}],
    ['VAST_API_KEY=abc VAST_URL="x y" vastai destroy instance 5', 'destroy instance', ['5'], {}],
    ['vastai destroy instance \\\n  5', 'destroy instance', ['5'], {}],
    ['  vastai   destroy\tinstance  5 ', 'destroy instance', ['5'], {}],
    ['./vast.py destroy instance 5', 'destroy instance', ['5'], {}],
    ['/usr/bin/vastai logs 5', 'logs', ['5'], {}],
    ['destroy instance 5 --yes', 'destroy instance', ['5'], { '--yes': undefined }],
    ['destroy instance -y 5', 'destroy instance', ['5'], { '-y': undefined }],
    ['destroy --yes instance 5', 'destroy instance', ['5'], { '--yes': undefined }],
    ['vastai --api-key abc --raw show user', 'show user', [], { '--api-key': 'abc', '--raw': undefined }],
    ['--api-key=abc show user', 'show user', [], { '--api-key': 'abc' }],
    ['reboot instance 5 --schedule DAILY', 'reboot instance', ['5'], { '--schedule': 'DAILY' }],
    ['reboot instance --schedule=DAILY 5', 'reboot instance', ['5'], { '--schedule': 'DAILY' }],
    ['show invoices --instance_label x', 'show invoices', [], { '--instance-label': 'x' }],
    ['show api_keys', 'show api-keys', [], {}],
    ['execute 5 "rm -rf /"', 'execute', ['5', 'rm -rf /'], {}],
    ["execute 5 'ls -l'", 'execute', ['5', 'ls -l'], {}],
    ['execute 5 a\\ "b\\"c"d', 'execute', ['5', 'a b"cd'], {}],
    ['label instance 5 ""', 'label instance', ['5', ''], {}],
    ['label instance 5 "open', 'label instance', ['5', 'open'], {}],
    ['label instance 5 -- --yes', 'label instance', ['5', '--yes'], {}],
    ['execute 5 -', 'execute', ['5', '-'], {}],
    ['self-test machine 7 --debugging', 'self-test machine', ['7'], { '--debugging': undefined }],
  ])('reads %j', (text, command, words, flags) => {
    expect(read(text)).toEqual([command, words, flags]);
  });

  it.each(['', ' ', 'vastai', '--yes', 'destroy', 'destroy planet', 'instance destroy 5', '__proto__', '"'])(
    'finds no command in %j',
    (text) => {
      expect(read(text)).toBeUndefined();
    },
  );

  it('reads every command in any quotation, and never throws', () => {
    const quoted = (word: string) =>
      fc.constantFrom(word, `'${word}'`, `"${word}"`, `\\${word[0]}${word.slice(1)}`);
    const spelled = fc
      .constantFrom(...COMMAND_NAMES)
      .chain((name) =>
        fc.tuple(fc.constant(name), fc.tuple(...name.split(' ').map(quoted)), fc.nat().map(String)),
      );
    fc.assert(
      fc.property(spelled, ([name, words, id]) => {
        expect(read(['vastai', ...words, id].join(' '))).toEqual([name, [id], {}]);
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'ab\'"\\ -=\n5') }), (text) => {
        read(text);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads a line of a megabyte in no time', () => {
    for (const part of ['"', "'", '\\', ' a', '"a', '"\\', '-a ', '--a=', '"a" '])
      read(part.repeat(1_000_000 / part.length));
    expect(readTypedCommand(`destroy instance --${' a'.repeat(500_000)}`)?.words).toHaveLength(500_000);
  }, 20_000);
});
