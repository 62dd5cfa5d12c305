import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';

/**
 * Returns false if another user of this machine has opened a connection. On Linux only, where the system says so; elsewhere,
 * and where it cannot be told, the token alone has to do. Root can read everything anyway.
 */
export function isOwnPeer({ localPort, remotePort }: Socket): boolean {
  if (process.platform !== 'linux' || localPort === undefined || remotePort === undefined) return true;
  const user = userOf(remotePort, localPort);
  return user === undefined || user === 0 || user === process.geteuid?.();
}

/** Finds the user of the connection on 127.0.0.1 from one port to another (proc(5), `/proc/net/tcp`). */
function userOf(from: number, to: number): number | undefined {
  let table: string;
  try {
    table = readFileSync('/proc/self/net/tcp', 'latin1');
  } catch {
    return undefined;
  }
  const end = (port: number) => `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const start = table.indexOf(` ${end(from)} ${end(to)} `);
  if (start === -1) return undefined;
  const [, , , , , , user] = table
    .slice(start, start + 150)
    .trim()
    .split(/\s+/u);
  return user === undefined ? undefined : Number(user);
}
