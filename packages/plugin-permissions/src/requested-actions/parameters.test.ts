import { describe, expect, it } from 'vitest';
import { readParameters } from './parameters.js';

const usage = (message: string, hint?: string) =>
  expect.objectContaining({ code: 'usage', message, ...(hint === undefined ? {} : { hint }) });

describe('parameters', () => {
  it('are names and values, and numbers stay numbers', () => {
    expect(readParameters()).toEqual({});
    expect(readParameters(['id=5', 'name=a=b', 'empty='])).toEqual({ id: 5, name: 'a=b', empty: '' });
  });

  it.each(['id', '=5', ''])('cannot be %j', (text) => {
    expect(() => readParameters([text])).toThrow(
      usage('--param takes name=value, for example: --param id=5'),
    );
  });

  it('can be given only once', () => {
    expect(() => readParameters(['id=5', 'id=6'])).toThrow(usage('--param names the same parameter twice.'));
  });
});
