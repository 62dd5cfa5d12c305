import { describe, expect, it } from 'vitest';
import { fishCompletion } from './fish.js';

describe('fishCompletion', () => {
  it('quotes what a plugin says of its commands', () => {
    const summary = "it's \\ <%= config.bin %>; rm -rf ~\nsecond line";
    const script = fishCompletion([{ id: 'show:it', summary, flags: {} }], new Map());
    expect(script).toContain("-a it -d 'it\\'s \\\\ vastai; rm -rf ~'\n");
    expect(script).not.toContain('second line');
  });

  it('has each word of a command once, with its topic', () => {
    const commands = ['show:a', 'show:b', 'show:a'].map((id) => ({ id, flags: {} }));
    const script = fishCompletion(commands, new Map([['show', 'look']]));
    expect(script.match(/ -a show -d 'look'$/gmu)).toHaveLength(1);
    expect(script.match(/'__vastai_at show' -a a$/gmu)).toHaveLength(1);
  });

  it('leaves out hidden flags, and knows values and short names', () => {
    const flags = {
      secret: { type: 'boolean', hidden: true },
      force: { type: 'boolean', char: 'f' },
      how: { type: 'option', options: ['a', 'b'] },
      file: { type: 'option' },
    } as const;
    const script = fishCompletion([{ id: 'go', flags }], new Map());
    expect(script).not.toContain('secret');
    expect(script).toContain('-l force -s f\n');
    expect(script).toContain("-l how -x -a 'a b'\n");
    expect(script).toContain('-l file -r\n');
  });
});
