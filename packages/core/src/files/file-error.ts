import { constants } from 'node:os';
import { dirname } from 'node:path';
import { StorageError } from '../base/errors.js';
import { shellWord } from '../base/shell-word.js';
import { homeError, homeFolder, isBelow } from './home.js';
import { fileInPlaceOfFolder, type Obstacle, obstacleOf } from './obstacle.js';
import { isOwn } from './ownership.js';
import { isMountedSingly } from './single-mount.js';
import { userName } from './user-name.js';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file would be larger than allowed',
  EISDIR: 'it is a folder',
  ERR_FS_EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is not a folder',
  ENAMETOOLONG: 'its path is too long',
  ELOOP: 'its path contains a loop of symbolic links',
  EBUSY: 'it is in use',
  ETXTBSY: 'it is in use',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EIO: 'the disk reports an error',
  EUCLEAN: 'the file system is damaged',
  ESTALE: 'it is no longer on the network file system',
  ENOTCONN: 'the file system is not connected',
  ETIMEDOUT: 'the file system did not respond',
  ENOKEY: 'the folder is encrypted and locked',
  ESILENT: 'nothing was written to it for 5 seconds',
  ENXIO: 'it is a socket, or a device that does not exist',
  EXDEV: 'it is on a different file system from its folder',
};

/** Linux error numbers that Node has no name for. */
const LINUX_NUMBERS: Readonly<Record<number, string>> = { 117: 'EUCLEAN', 126: 'ENOKEY' };

/** Codes of errors that more permissions fix; they do not fix a full, damaged or read-only disk. */
const RIGHTS: ReadonlySet<string> = new Set(['EACCES', 'EPERM']);

/** Returns true for a code with which the system refuses access to a file, which is not a bug of the program. */
export function isFileErrorCode(code: string): boolean {
  return Object.hasOwn(REASONS, code);
}

/**
 * Returns the error to throw when the system refuses to read, write, make or remove a file.
 *
 * @param action a verb for the message: `read`, `write`, `make`, `remove`, `change` or `look at`
 */
export function explainFileError(action: string, path: string, error: unknown): StorageError {
  const code = nameOf(error as NodeJS.ErrnoException);
  const homeless = homeError(path);
  if (homeless !== undefined) return homeless;
  const missing = action === 'read' ? 'it does not exist' : 'the folder does not exist';
  if (code === 'EBUSY' && action === 'write' && isMountedSingly(path)) return mountedSingly(path, error);
  const reason = code === 'ENOENT' ? missing : (REASONS[code] ?? code);
  const obstacle = code === 'EACCES' || code === 'EPERM' ? obstacleOf(action, path) : undefined;
  const message = `Cannot ${action} ${path}: ${reason}.`;
  if (obstacle === undefined || isOwn(obstacle))
    return new StorageError(message, hintFor(code, action, path), error);
  const what = obstacle.path === path ? 'It' : obstacle.path;
  return new StorageError(
    `${message} ${what} belongs to ${userName(obstacle.uid)}.`,
    makeItYours(obstacle, path),
    error,
  );
}

/** Returns the hint for a file that belongs to another user, such as one that a run with sudo left in the home. */
function makeItYours(obstacle: Obstacle, path: string): string {
  const home = homeFolder();
  const isInHome = isBelow(obstacle.path, home) && home !== '/';
  if (isInHome || !isBelow(path, home)) {
    const deep = obstacle.isFolder ? '-R ' : '';
    return `Make it yours: sudo chown ${deep}"$(id -un)" ${shellWord(obstacle.path)}`;
  }
  return 'Set HOME to a folder that you own, or pass the key in VAST_API_KEY.';
}

function mountedSingly(path: string, error: unknown): StorageError {
  return new StorageError(
    `Cannot write ${path}: the file itself is a mount point, so it cannot be replaced.`,
    `Mount the folder ${dirname(path)} instead, or pass the key in VAST_API_KEY.`,
    error,
  );
}

/** Returns the code of an error, also of one that libuv does not know and calls "Unknown system error -122". */
function nameOf({ code, errno }: NodeJS.ErrnoException): string {
  if (code !== undefined && !code.startsWith('Unknown system error')) return code;
  const number = -(errno ?? 0);
  const [name] = Object.entries(constants.errno).find(([, one]) => one === number) ?? [];
  const ofLinux = process.platform === 'linux' ? LINUX_NUMBERS[number] : undefined;
  return name ?? ofLinux ?? code ?? 'unknown error';
}

function hintFor(code: string, action: string, path: string): string {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'Free some space, then try again.';
  if (code === 'EISDIR' || code === 'ERR_FS_EISDIR') return 'Move the folder away, then try again.';
  const place = action === 'read' ? path : dirname(path);
  if (code === 'EROFS')
    return 'Set HOME to a folder on another file system, or pass the key in VAST_API_KEY.';
  if (code === 'ENOENT' && action !== 'read')
    return `Create the folder ${place}, or pass the key in VAST_API_KEY.`;
  if (code === 'ENOENT') return `Correct the path ${place}, or pass the key in VAST_API_KEY.`;
  if (code === 'ENOTDIR')
    return `Correct the path, or move away ${fileInPlaceOfFolder(path) ?? 'the file where a folder should be'}.`;
  if (RIGHTS.has(code)) {
    return `Make sure that you can ${action === 'read' ? 'read' : 'write to'} ${place}, or pass the key in VAST_API_KEY.`;
  }
  return `Check ${place}, then try again, or pass the key in VAST_API_KEY.`;
}
