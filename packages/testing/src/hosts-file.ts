import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

/**
 * Returns true if this user can run a program with its own hosts file. Tests are skipped otherwise, but run and fail
 * with VASTAI_TEST_NO_SKIP=1.
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
 * Writes a hosts file, and returns the command prefix that runs a program with it, so that the program can resolve only
 * these names.
 *
 * @param file the file to use as /etc/hosts
 * @param lines one address and name each
 */
export function withHosts(file: string, ...lines: string[]): readonly [program: string, ...args: string[]] {
  writeFileSync(file, `${lines.join('\n')}\n`);
  const [program, args] = withMounts('mount --bind "$0" /etc/hosts', file);
  return [program, ...args];
}

/** Returns a command that runs a shell command as root in a new mount namespace, then the next program as this user. */
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
