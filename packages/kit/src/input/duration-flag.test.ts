import { Parser } from '@oclif/core';
import { describe, expect, it } from 'vitest';
import { durationFlag } from './duration-flag.js';

const flags = {
  any: durationFlag(),
  limited: durationFlag({ example: '15m', atLeast: '1s', atMost: '24d' }),
};

async function parse(...argv: string[]): Promise<unknown> {
  return (await Parser.parse(argv, { flags })).flags;
}

describe('durationFlag', () => {
  it.each([
    [['--any', '0d'], { any: 0 }],
    [['--any', '2w'], { any: 1_209_600 }],
    [['--limited', '1s'], { limited: 1 }],
    [['--limited=24d'], { limited: 2_073_600 }],
  ])('reads %j in seconds', async (argv, values) => {
    expect(await parse(...argv)).toEqual(values);
  });

  it.each([
    [['--any', '5'], '--any takes a number and s, m, h, d or w, such as 90d.'],
    ...['0s', '25d', '4w', 'x'].map((text) => [
      ['--limited', text],
      '--limited takes a number and s, m, h, d or w, such as 15m, and at most 24d.',
    ]),
  ] as [string[], string][])('rejects %j', async (argv, message) => {
    await expect(parse(...argv)).rejects.toThrow(message);
  });
});
