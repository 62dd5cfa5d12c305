import { readFileSync, statSync } from 'node:fs';

/**
 * Returns true if a file is itself a mount point, like a single file of the host in a container: it can be written to, but
 * neither replaced nor removed. Linux only.
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

/** Decodes the spaces, tabs, line breaks and backslashes that the kernel writes as three octal digits. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/gu, (_, digits) => String.fromCharCode(Number.parseInt(digits, 8)));
}
