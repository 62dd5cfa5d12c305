import type { Socket } from 'node:net';

/**
 * Limits the connections of a broker. If there are too many, the oldest one that has not shown the token ends. Otherwise,
 * everyone on this machine could keep the program of the run from connecting.
 */
export class Crowd {
  readonly #most: number;
  readonly #all = new Set<Socket>();
  /** Those that have not shown the token, the oldest first. */
  readonly #strangers = new Set<Socket>();

  /** @param most the most connections at the same time */
  constructor(most: number) {
    this.#most = most;
  }

  /** Takes in a new connection. */
  enter(socket: Socket): void {
    this.#all.add(socket);
    this.#strangers.add(socket);
    socket.once('close', () => {
      this.#all.delete(socket);
      this.#strangers.delete(socket);
    });
    if (this.#all.size <= this.#most) return;
    const [oldest = socket] = this.#strangers;
    // It closes later, and must not be counted until then.
    this.#all.delete(oldest);
    this.#strangers.delete(oldest);
    oldest.destroy();
  }

  /** Keeps a connection, because it has shown the token. */
  know(socket: Socket): void {
    this.#strangers.delete(socket);
  }
}
