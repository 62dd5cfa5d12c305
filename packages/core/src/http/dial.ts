import { type LookupAddress, lookup as lookUp } from 'node:dns';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';

/** How long an address has to itself before the next one is tried as well, as RFC 8305 advises. */
const HEAD_START_MS = 250;

/** These say only that this machine has no way to an address: they tell less than the error of an address it has a way to. */
const NO_ROUTE = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);

/** Where to connect to. */
export interface Destination {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** Looks up the name, where the system's own way will not do. */
  readonly lookup?: LookupFunction | undefined;
}

/**
 * Connects to the first address of a host that answers. Each address gets a head start, and stays in the race when the
 * next one joins: Node would drop it after 250 ms, which is too early for a slow network. Only the signal ends the race.
 *
 * @throws the error of the address that tells most, when all of them have failed; the signal's reason.
 */
export async function dial(destination: Destination, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const addresses = await addressesOf(destination, signal);
  return race(byTurns(addresses), destination.port, signal);
}

function addressesOf({ host, lookup = lookUp }: Destination, signal: AbortSignal): Promise<LookupAddress[]> {
  const family = isIP(host);
  if (family !== 0) return Promise.resolve([{ address: host, family }]);
  return new Promise((resolve, reject) => {
    // A name server that does not answer cannot be hung up on, but need not be waited for.
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    lookup(host, { all: true }, (error, addresses) => {
      signal.removeEventListener('abort', stop);
      if (error !== null) reject(error);
      else resolve(addresses as LookupAddress[]);
    });
  });
}

/** Returns the addresses with the two families by turns, beginning with the one that the system prefers. */
function byTurns(addresses: readonly LookupAddress[]): string[] {
  const preferred = addresses.filter(({ family }) => family === addresses[0]?.family);
  const others = addresses.filter(({ family }) => family !== addresses[0]?.family);
  return addresses
    .flatMap((_, index) => [preferred[index], others[index]])
    .flatMap((entry) => (entry === undefined ? [] : [entry.address]));
}

function race(addresses: readonly string[], port: number, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const waiting = [...addresses];
    const runners = new Set<Socket>();
    const errors: Error[] = [];
    let headStart: NodeJS.Timeout | undefined;

    const finish = () => {
      clearTimeout(headStart);
      signal.removeEventListener('abort', stop);
      for (const socket of runners) socket.destroy();
    };
    const stop = () => {
      finish();
      reject(signal.reason);
    };
    const startNext = () => {
      clearTimeout(headStart);
      const address = waiting.shift();
      if (address === undefined) {
        if (runners.size > 0) return;
        finish();
        reject(mostTelling(errors));
        return;
      }
      const socket = connect({ host: address, port, noDelay: true });
      const fail = (error: Error) => {
        errors.push(error);
        // A runner that was stopped belongs to a race that is over.
        if (runners.delete(socket)) startNext();
      };
      runners.add(socket);
      socket.on('error', fail);
      socket.once('connect', () => {
        runners.delete(socket);
        socket.off('error', fail);
        finish();
        resolve(socket);
      });
      headStart = setTimeout(startNext, HEAD_START_MS);
    };

    signal.addEventListener('abort', stop, { once: true });
    startNext();
  });
}

function mostTelling(errors: readonly Error[]): Error {
  const telling = errors.find((error) => !('code' in error && NO_ROUTE.has(String(error.code))));
  return telling ?? errors[0] ?? Object.assign(new Error('no address'), { code: 'ENOTFOUND' });
}
