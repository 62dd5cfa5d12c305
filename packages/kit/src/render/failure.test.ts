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

  const key = '0123456789abcdef'.repeat(4);
  const target = { profile: undefined, byFlag: false, keyFromVariable: false, url: undefined };

  it('says what to do next as text, and as data', () => {
    const advice = [{ do: 'delete-key', id: 42 }, { do: 'pass-key' }] as const;
    expect(
      failureOf(new VastaiError('forbidden', 'No.', { hint: 'First.', advice }), target).document,
    ).toEqual({
      error: {
        code: 'forbidden',
        message: 'No.',
        hint: 'First.\nDelete the key: vastai delete api-key 42\nOr pass the key in VAST_API_KEY.',
        advice: [{ do: 'delete-key', id: 42, command: 'vastai delete api-key 42' }, { do: 'pass-key' }],
      },
    });
    expect(failureOf(new UsageError('No.', 'Do.'), target).document.error).not.toHaveProperty('advice');
  });

  it.runIf(process.platform !== 'win32')(
    'masks everything that looks like a key, and keeps what is not a string',
    () => {
      const advice = [
        { do: 'save-key', from: `x${key}`, consume: true },
        { do: 'restrict', paths: ['/a'] },
      ] as const;
      const { error } = failureOf(
        new VastaiError('storage', `No ${key}.`, { hint: `Not ${key}.`, advice }),
        target,
      ).document;
      expect(JSON.stringify(error)).not.toContain(key);
      expect(error.message).toBe('No …cdef.');
      expect(error.hint).toContain('Not …cdef.');
      expect(error.advice).toEqual([
        {
          do: 'save-key',
          from: 'x…cdef',
          consume: true,
          command: 'vastai set api-key < x…cdef && rm x…cdef',
        },
        { do: 'restrict', paths: ['/a'], command: 'chmod go-w /a' },
      ]);
    },
  );

  it('masks the key of the run, whatever its form', () => {
    const before = process.env.VAST_API_KEY;
    process.env.VAST_API_KEY = '5ecret-of-mine';
    try {
      expect(failureOf(new UsageError('No 5ecret-of-mine.'), target).document.error.message).toBe(
        'No …mine.',
      );
    } finally {
      if (before === undefined) delete process.env.VAST_API_KEY;
      else process.env.VAST_API_KEY = before;
    }
  });

  it.each<readonly [string, string, string, string]>([
    [
      'EACCES',
      'open',
      'Cannot write /a/b: permission denied.',
      'Check the permissions of /a/b and of its folder.',
    ],
    [
      'EPERM',
      'scandir',
      'Cannot read /a/b: not permitted.',
      'Check the permissions of /a/b and of its folder.',
    ],
    ['ENOSPC', 'write', 'Cannot write /a/b: the disk is full.', 'Fix this, then try again.'],
    ...['stat', 'lstat', 'scandir', 'readlink', 'read', 'realpath', 'access'].map(
      (syscall) =>
        [
          'EIO',
          syscall,
          'Cannot read /a/b: the disk reports an error.',
          'Fix this, then try again.',
        ] as const,
    ),
  ])('names the file of the system error %s at %s', (code, syscall, message, hint) => {
    const error = Object.assign(new Error('x'), { code, syscall, path: '/a/b' });
    expect(failureOf(error)).toMatchObject({
      exitStatus: 9,
      document: { error: { code: 'storage', message, hint } },
    });
  });

  it.each([
    ['no path', { code: 'EACCES', syscall: 'open' }],
    ['another code', { code: 'EFOO', syscall: 'open', path: '/a' }],
    ['no code', { path: '/a' }],
  ])('is a bug if a system error has %s', (_, more) => {
    expect(failureOf(Object.assign(new Error('x'), more)).document.error.code).toBe('internal');
  });

  it.each(['ExitPromptError', 'AbortPromptError'])(
    'is an interruption if a prompt was closed: %s',
    (name) => {
      expect(failureOf(Object.assign(new Error('x'), { name })).document.error).toEqual({
        code: 'interrupted',
        message: 'Interrupted. Nothing was changed.',
      });
      expect(failureOf({ name, message: 'x' }).document.error.code).toBe('internal');
    },
  );

  it('says where to report a bug, with its message', () => {
    const hint =
      'This is a bug in vastai. Please report it: https://github.com/vastai-cli/vastai-cli/issues\nInclude the output of: vastai version --verbose';
    expect(failureOf(new Error('It broke')).document.error).toEqual({
      code: 'internal',
      message: 'It broke',
      hint,
    });
    expect(failureOf('A string').document.error.message).toBe('A string');
  });
});
