import { describe, expect, it } from 'vitest';
import { adviceOf } from './advice.js';
import {
  ApiError,
  guidanceOf,
  isVastaiError,
  StorageError,
  TransportError,
  UsageError,
  VastaiError,
  withDetails,
} from './errors.js';
import { InterruptedError } from './interrupted.js';

const STEP = { do: 'save-key' } as const;
const fieldsOf = (error: Error) => ({
  ...error,
  name: error.name,
  message: error.message,
  cause: error.cause,
});

describe('an error', () => {
  it('has only the details it was given', () => {
    expect(fieldsOf(new VastaiError('no_key', 'None.'))).toEqual({
      name: 'VastaiError',
      code: 'no_key',
      message: 'None.',
      cause: undefined,
    });
    expect('cause' in new VastaiError('no_key', 'None.')).toBe(false);
    const cause = new Error('why');
    const details = {
      hint: 'Do.',
      advice: [STEP],
      status: 401,
      source: 'VAST_API_KEY …abcd',
      data: { a: 1 },
    };
    const error = new VastaiError('key_rejected', 'No.', { ...details, cause });
    expect(fieldsOf(error)).toEqual({
      ...details,
      name: 'VastaiError',
      code: 'key_rejected',
      message: 'No.',
      cause,
    });
  });

  it('can be copied with details added or replaced', () => {
    const error = new StorageError('No.', 'Do.', new Error('why'));
    const copy = withDetails(error, { status: 500 });
    expect(copy).toMatchObject({ code: 'storage', message: 'No.', hint: 'Do.', status: 500 });
    expect(copy.cause).toBe(error);
    expect(withDetails(error, { message: 'Other.', hint: 'Else.' })).toMatchObject({
      message: 'Other.',
      hint: 'Else.',
    });
  });

  it.each([
    [new UsageError('a', 'Do.'), { name: 'UsageError', code: 'usage', message: 'a', hint: 'Do.' }],
    [new UsageError('a', [STEP]), { name: 'UsageError', code: 'usage', message: 'a', advice: [STEP] }],
    [new UsageError('a'), { name: 'UsageError', code: 'usage', message: 'a' }],
    [new StorageError('a', ''), { name: 'StorageError', code: 'storage', message: 'a', hint: '' }],
    [new ApiError('forbidden', 'a'), { name: 'ApiError', code: 'forbidden', message: 'a' }],
    [
      new TransportError('a', true, { hint: 'Do.' }),
      { name: 'TransportError', code: 'unreachable', message: 'a', outcomeUnknown: true, hint: 'Do.' },
    ],
    [
      new InterruptedError('a', false),
      { name: 'InterruptedError', code: 'interrupted', message: 'a', outcomeUnknown: false },
    ],
    [
      new InterruptedError('a', true, 'Do.'),
      { name: 'InterruptedError', code: 'interrupted', message: 'a', outcomeUnknown: true, hint: 'Do.' },
    ],
  ])('of each kind has its own code: %s', (error, expected) => {
    expect(fieldsOf(error)).toEqual({ ...expected, cause: undefined });
    expect(isVastaiError(error)).toBe(true);
  });

  it('counts as a vastai error only if it is an Error with one of its codes', () => {
    for (const other of [
      new Error('x'),
      Object.assign(new Error('x'), { code: 'ENOENT' }),
      { code: 'usage', message: 'x' },
      'usage',
      undefined,
    ])
      expect(isVastaiError(other)).toBe(false);
    // Made by another copy of the class.
    expect(isVastaiError(Object.assign(new Error('x'), { code: 'internal' }))).toBe(true);
  });
});

describe('guidance', () => {
  it('is a list of steps; a sentence counts as one, unless it is empty', () => {
    expect(adviceOf(undefined)).toEqual([]);
    expect(adviceOf('')).toEqual([]);
    expect(adviceOf('Do.')).toEqual([{ do: 'say', text: 'Do.' }]);
    expect(adviceOf([STEP])).toEqual([STEP]);
    expect(guidanceOf({})).toEqual([]);
    expect(guidanceOf({ hint: 'Do.', advice: [STEP] })).toEqual([{ do: 'say', text: 'Do.' }, STEP]);
  });
});
