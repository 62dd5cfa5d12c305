import { readFileSync } from 'node:fs';

/** Returns the name of a user for a message: `root`, `alice (uid 1000)`, or `user 1000` if the id has no name. */
export function userName(uid: number): string {
  if (uid === 0) return 'root';
  const name = nameOnRecord(uid);
  return name === undefined ? `user ${uid}` : `${name} (uid ${uid})`;
}

function nameOnRecord(uid: number): string | undefined {
  try {
    const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
    return lines.map((line) => line.split(':')).find(([, , id]) => id === String(uid))?.[0];
  } catch {
    return undefined;
  }
}
