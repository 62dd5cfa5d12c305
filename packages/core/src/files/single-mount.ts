import { readFileSync, statSync } from 'node:fs';

/**
 * Recognises a file that is mounted by itself, as containers do with one file of the host: it can be written to, and
 * neither replaced nor removed. Only Linux lists its mounts.
 */
export function isMountedSingly(path: string): boolean {
  try {
    if (!statSync(path).isFile()) return false;
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
    return mounts.some((line) => unescaped(line.split(' ')[4] ?? '') === path);
  } catch {
    return false;
  }
}

/** The kernel writes spaces, tabs, line breaks and backslashes as three octal digits. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/gu, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)));
}
