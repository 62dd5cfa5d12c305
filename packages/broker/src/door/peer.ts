import type { Socket } from 'node:net';
import { PeerTable } from './peer-table.js';

/**
 * Finds out if another user of this machine has opened a connection, in case the token got into the wrong hands. Only Linux
 * tells; elsewhere, and without `/proc`, the token alone must suffice. Root can read everything anyway.
 */
export class Peers {
  readonly #known = new WeakMap<Socket, Promise<boolean>>();
  readonly #tables = process.platform === 'linux' ? openTables() : undefined;

  /**
   * Returns true if a connection is one of ours, or this machine does not tell. Looks once per connection. One that has been
   * closed in the meantime has no user any more: nobody waits for a response, and what it asked for is not done.
   */
  isOwn(socket: Socket): Promise<boolean> {
    const known = this.#known.get(socket) ?? this.#look(socket).catch(() => false);
    this.#known.set(socket, known);
    return known;
  }

  close(): void {
    for (const table of this.#tables ?? []) table.close();
  }

  async #look({ localPort, remotePort }: Socket): Promise<boolean> {
    if (this.#tables === undefined) return true;
    if (localPort === undefined || remotePort === undefined) return false;
    // Twice, because a row can be passed over while others around it come and go.
    for (const table of [...this.#tables, ...this.#tables]) {
      const user = await table.find(remotePort, localPort);
      if (user !== 'missing') return user.uid === 0 || user.uid === process.geteuid?.();
    }
    return false;
  }
}

/** Some programs open IPv6 sockets to IPv4 addresses; a machine without IPv6 has no such table. */
function openTables(): PeerTable[] | undefined {
  const tables = (['/proc/self/net/tcp', '/proc/self/net/tcp6'] as const).map((path) => {
    try {
      return new PeerTable(path);
    } catch {
      return undefined;
    }
  });
  const [ipv4, ipv6] = tables;
  return ipv4 && (ipv6 === undefined ? [ipv4] : [ipv4, ipv6]);
}
