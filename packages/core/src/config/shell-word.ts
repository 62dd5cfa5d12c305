/** Quotes a path for a command that a message suggests, so that it works as printed. */
export function shellWord(path: string): string {
  if (process.platform === 'win32') return `"${path}"`;
  return /^[\w./+@:-]+$/u.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
