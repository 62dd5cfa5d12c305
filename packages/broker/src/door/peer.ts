import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';

/** The connections of this machine (proc(5)). Reading it takes some milliseconds, however few there are. */
const TABLE = '/proc/self/net/tcp';
const ESTABLISHED = '01';

/**
 * Finds out if another user of this machine has opened a connection, in case the token got into wrong hands. Linux tells;
 * elsewhere, and where `/proc` is not there, the token alone has to do. Root can read everything anyway.
 */
export class Peers {
  readonly #known = new WeakMap<Socket, Promise<boolean>>();
  #reading: Promise<string | undefined> | undefined;
  #next: Promise<string | undefined> | undefined;

  /** Returns true if a connection is one of ours, or it cannot be told. Looks once per connection. */
  isOwn(socket: Socket): Promise<boolean> {
    const known = this.#known.get(socket) ?? this.#look(socket);
    this.#known.set(socket, known);
    return known;
  }

  async #look({ localPort, remotePort }: Socket): Promise<boolean> {
    if (process.platform !== 'linux' || localPort === undefined || remotePort === undefined) return true;
    const table = await this.#table();
    return table === undefined || isOwnRow(table, remotePort, localPort);
  }

  /** Returns a table that was read from now on. Connections that come in the meantime share the next one. */
  #table(): Promise<string | undefined> {
    if (this.#reading === undefined) return this.#read();
    this.#next ??= this.#reading.then(() => this.#read());
    return this.#next;
  }

  #read(): Promise<string | undefined> {
    this.#next = undefined;
    const reading = readFile(TABLE, 'latin1').catch(() => undefined);
    this.#reading = reading;
    reading.then(() => {
      if (this.#reading === reading) this.#reading = undefined;
    });
    return reading;
  }
}

/**
 * Looks for the end of a connection that its opener holds. One that was closed already has no user any more, and nobody waits
 * for an answer on it.
 */
function isOwnRow(table: string, from: number, to: number): boolean {
  if (!table.includes(` ${end(to)} ${end(from)} `)) return true;
  const start = table.indexOf(` ${end(from)} ${end(to)} `);
  if (start === -1) return false;
  const [, , state, , , , user] = table
    .slice(start, start + 150)
    .trim()
    .split(/\s+/u);
  return state === ESTABLISHED && (user === '0' || user === String(process.geteuid?.()));
}

function end(port: number): string {
  return `0100007F:${port.toString(16).toUpperCase().padStart(4, '0')}`;
}
