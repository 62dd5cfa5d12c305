import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

/**
 * Returns whether this user can give a program a hosts file of its own; tests are skipped where that fails. With
 * VASTAI_TEST_NO_SKIP=1 they run, and fail.
 */
export function hostsCanBeChanged(): boolean {
  if (process.env.VASTAI_TEST_NO_SKIP === '1') return true;
  if (process.platform !== 'linux') return false;
  try {
    execFileSync(...withMounts('true'), { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/**
 * Writes a hosts file, and returns the program, with its arguments, that starts another one to which these are the only
 * names of machines.
 *
 * @param file takes the place of /etc/hosts
 * @param lines an address and a name each
 */
export function withHosts(file: string, ...lines: string[]): readonly [program: string, ...args: string[]] {
  writeFileSync(file, `${lines.join('\n')}\n`);
  const [program, args] = withMounts('mount --bind "$0" /etc/hosts', file);
  return [program, ...args];
}

/** Runs a command of the shell as root, in a view of the file system of its own, and then what follows as this user. */
function withMounts(command: string, ...parameters: string[]): [program: string, args: string[]] {
  const unshare = ['unshare', '--mount', 'sh', '-c'];
  const uid = process.getuid?.();
  if (uid === 0) return [unshare[0] as string, [...unshare.slice(1), `${command}; exec "$@"`, ...parameters]];
  const asUser = `setpriv --reuid ${uid} --regid ${process.getgid?.()} --clear-groups`;
  return [
    'sudo',
    ['--non-interactive', '--preserve-env', ...unshare, `${command}; exec ${asUser} "$@"`, ...parameters],
  ];
}
