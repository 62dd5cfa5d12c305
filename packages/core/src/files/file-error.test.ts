import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { explainFileError } from './file-error.js';

const PATH = '/home/anybody/.config/vastai/config.json';

/** Returns an error like those of Node, whose code says so if libuv has no name for the number. */
function errorOf(code: string, errno?: number): Error {
  return Object.assign(new Error(code), { code, ...(errno === undefined ? {} : { errno: -errno }) });
}
const unnamed = (errno: number) => errorOf(`Unknown system error -${errno}`, errno);

describe('an error of the file system, in words', () => {
  it.runIf(process.platform !== 'win32').each([
    ['EDQUOT', constants.errno.EDQUOT, /the disk quota is used up\./],
    ['ESTALE', constants.errno.ESTALE, /it is no longer on the network file system\./],
  ])('is known by its number where libuv has no name for it: %s', (_, errno, reason) => {
    expect(explainFileError('write', PATH, unnamed(errno)).message).toMatch(reason);
  });

  it.runIf(process.platform === 'linux').each([
    [117, /the file system is damaged\./],
    [126, /the folder is encrypted and locked\./],
  ])('is known by its number where Node has no name for it either: %i', (errno, reason) => {
    expect(explainFileError('write', PATH, unnamed(errno)).message).toMatch(reason);
  });

  it('is the message of the system for an unknown code', () => {
    expect(explainFileError('write', PATH, unnamed(9999)).message).toBe(
      `Cannot write ${PATH}: Unknown system error -9999.`,
    );
    expect(explainFileError('write', PATH, new Error()).message).toBe(`Cannot write ${PATH}: unknown error.`);
  });

  it.each(['ENOSPC', 'EDQUOT'])('has a hint about space, not about permissions, for %s', (code) => {
    expect(explainFileError('write', PATH, errorOf(code)).hint).toBe('Free some space, then try again.');
  });

  it.each(['EIO', 'EMFILE', 'ENAMETOOLONG', 'ENOENT', 'ENOTDIR', 'EROFS', 'ESTALE', 'ETIMEDOUT'])(
    'comes without advice on rights for %s',
    (code) => {
      expect(explainFileError('write', PATH, errorOf(code)).hint).not.toMatch(/you can read|you can write/);
    },
  );

  it.each(['EACCES', 'EPERM'])('has a hint about permissions for %s', (code) => {
    expect(explainFileError('write', PATH, errorOf(code)).hint).toMatch(
      /^Make sure that you can write to \/home.*\/vastai/,
    );
    expect(explainFileError('read', PATH, errorOf(code)).hint).toMatch(
      /^Make sure that you can read .*config\.json/,
    );
  });
});
