import { closeSync, openSync, readSync } from 'node:fs';
import { endianness } from 'node:os';

/** The user that holds an end of a connection, or `missing` if no user is connected. */
export type PeerUser = { readonly uid: number } | 'missing';

/** A connection whose user is looked for. */
interface Search {
  readonly row: string;
  /** Counts how often the search has reached the end of the table. */
  ends: number;
  readonly found: (user: PeerUser) => void;
}

const isLittle = endianness() === 'LE';
/** 127.0.0.1, as the kernel writes it, and as an IPv4-mapped IPv6 address. */
const LOOPBACK = {
  '/proc/self/net/tcp': isLittle ? '0100007F' : '7F000001',
  '/proc/self/net/tcp6': isLittle ? '0000000000000000FFFF00000100007F' : '00000000000000000000FFFF7F000001',
};
const ESTABLISHED = '01';

/** A row of IPv4. Whole rows can be read at once, up to 4 KiB. */
const ROW_BYTES = 150;
const MOST_ROWS = 27;
/** The table is read in about this many steps, so that a search can end early. */
const STEPS = 8;

/** Others have a turn after reading for this long, in milliseconds. */
const BURST_MS = 0.3;

/**
 * One of the kernel's tables of connections (proc(5)).
 *
 * The kernel takes milliseconds to walk through it, however few connections there are. So one reader goes round and round as
 * long as there are searches: a search joins where the reader is, and ends when its connection comes by.
 *
 * It reads synchronously, in bursts: the table is in memory, and handing it to another thread would take longer than a read of
 * a long table, which the kernel returns in pieces of 4 KiB.
 */
export class PeerTable {
  readonly #fd: number;
  readonly #address: string;
  #searches: readonly Search[] = [];
  /** Limits the rows read at once. */
  #rows = MOST_ROWS;
  #isReading = false;
  #isClosed = false;

  /** @throws Error if this machine does not have the table */
  constructor(path: keyof typeof LOOPBACK) {
    // Kept open, so that running out of descriptors does not make it unavailable.
    this.#fd = openSync(path, 'r');
    this.#address = LOOPBACK[path];
  }

  /**
   * Finds the user of a connection over 127.0.0.1, from now on.
   *
   * @param from the port of the end that the user holds
   * @param to the other port
   */
  find(from: number, to: number): Promise<PeerUser> {
    if (this.#isClosed) return Promise.resolve('missing');
    const end = (port: number) => `${this.#address}:${port.toString(16).toUpperCase().padStart(4, '0')}`;
    return new Promise((found) => {
      const row = ` ${end(from)} ${end(to)} ${ESTABLISHED} `;
      this.#searches = [...this.#searches, { row, ends: 0, found }];
      if (!this.#isReading) this.#read().catch(() => {});
    });
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (!this.#isReading) closeSync(this.#fd);
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    const room = Buffer.alloc(ROW_BYTES * MOST_ROWS);
    let position = 0;
    let torn = '';
    let before = this.#searches;
    let until = 0;
    try {
      while (this.#searches.length > 0 && !this.#isClosed) {
        if (performance.now() > until) {
          await new Promise((resolve) => setImmediate(resolve));
          until = performance.now() + BURST_MS;
          continue;
        }
        const now = this.#searches;
        // A row that began before a search did may be that of an earlier connection.
        const searches = torn === '' ? now : before;
        before = now;
        const bytesRead = readSync(this.#fd, room, 0, this.#rows * ROW_BYTES, position);
        position += bytesRead;
        const text = torn + room.toString('latin1', 0, bytesRead);
        const whole = text.lastIndexOf('\n') + 1;
        torn = text.slice(whole);
        for (const search of searches) this.#look(search, text.slice(0, whole), bytesRead === 0);
        if (bytesRead > 0) continue;
        this.#rows = Math.min(Math.ceil(position / ROW_BYTES / STEPS), MOST_ROWS);
        position = 0;
      }
    } finally {
      this.#isReading = false;
      for (const search of this.#searches) search.found('missing');
      this.#searches = [];
      if (this.#isClosed) closeSync(this.#fd);
    }
  }

  #look(search: Search, rows: string, isEnd: boolean): void {
    const start = rows.indexOf(search.row);
    if (isEnd) search.ends += 1;
    // The first time, it may have joined in the middle.
    if (start === -1 && search.ends < 2) return;
    const [, , , , , , uid] = rows.slice(start).trim().split(/\s+/u, 7);
    search.found(start === -1 ? 'missing' : { uid: Number(uid) });
    this.#searches = this.#searches.filter((other) => other !== search);
  }
}
