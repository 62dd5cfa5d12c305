import {
  ApiError,
  type ErrorCode,
  StorageError,
  TransportError,
  UsageError,
  VastaiError,
} from '@vastai-cli/core/internal/base/errors';
import { describe, expect, it } from 'vitest';
import { failureOf } from './failure.js';

describe('failureOf', () => {
  it.each<[ErrorCode, number]>([
    ['api_error', 1],
    ['internal', 1],
    ['usage', 2],
    ['no_key', 3],
    ['key_rejected', 4],
    ['forbidden', 5],
    ['not_found', 6],
    ['rate_limited', 7],
    ['unreachable', 8],
    ['storage', 9],
    ['findings', 10],
    ['two_factor', 11],
    ['interrupted', 130],
  ])('maps %s to exit status %i', (code, exitStatus) => {
    expect(failureOf(new VastaiError(code, 'It failed.'))).toEqual({
      exitStatus,
      document: { error: { code, message: 'It failed.' } },
    });
  });

  it('keeps hint, status and source, and adds the data next to the error', () => {
    const details = { hint: 'Do this.', status: 403, source: 'VAST_API_KEY …a1b2', data: { deleted: [1] } };
    expect(failureOf(new ApiError('forbidden', 'No.', details)).document).toEqual({
      error: {
        code: 'forbidden',
        message: 'No.',
        hint: 'Do this.',
        status: 403,
        source: 'VAST_API_KEY …a1b2',
      },
      deleted: [1],
    });
  });

  it('accepts errors of every class', () => {
    expect(failureOf(new UsageError('x')).exitStatus).toBe(2);
    expect(failureOf(new StorageError('x', 'y')).exitStatus).toBe(9);
    expect(failureOf(new TransportError('x', true)).exitStatus).toBe(8);
  });

  it("recognizes an error from a plugin's copy of the class by its code", () => {
    const foreign = Object.assign(new Error('No Bob.'), { code: 'not_found', hint: 'Try Alice.' });
    expect(failureOf(foreign)).toEqual({
      exitStatus: 6,
      document: { error: { code: 'not_found', message: 'No Bob.', hint: 'Try Alice.' } },
    });
  });

  it("does not mistake a system error's code for one of ours", () => {
    const error = Object.assign(new Error('open'), { code: 'ENOENT' });
    expect(failureOf(error).document.error.code).toBe('internal');
  });

  it('treats Ctrl-C at a prompt as an interruption', () => {
    const closed = Object.assign(new Error('User force closed the prompt'), { name: 'ExitPromptError' });
    expect(failureOf(closed)).toMatchObject({
      exitStatus: 130,
      document: { error: { code: 'interrupted' } },
    });
  });

  it.each([
    ['an error', new Error('It \u001b[31mbroke\u0007')],
    ['a string', 'It broke'],
    ['nothing', undefined],
  ])('reports anything else as a bug, without control characters: %s', (_, thrown) => {
    const { exitStatus, document } = failureOf(thrown);
    expect(exitStatus).toBe(1);
    expect(document.error.code).toBe('internal');
    expect(document.error.message).not.toMatch(/\p{Cc}/u);
    expect(document.error.hint).toContain('report');
  });
});
