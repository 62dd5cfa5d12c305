import { type LookupAddress, lookup as lookUp } from 'node:dns';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';

/** Head start of an address before the next one is tried too, as RFC 8305 recommends. */
const HEAD_START_MS = 250;

/** Codes that mean only that this machine has no route to an address. The error of another address says more. */
const NO_ROUTE = new Set(['ENETUNREACH', 'EHOSTUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL']);

/** The host and the port to connect to. */
export interface Destination {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** Looks up the name, instead of the system's resolver. */
  readonly lookup?: LookupFunction | undefined;
}

/**
 * Connects to the first address of a host that responds. Each address gets a head start, and is not given up when the next
 * one starts: Node gives it up after 250 ms, which is too early on a slow network. Only the signal sets a time limit.
 *
 * @throws the most telling error, if every address fails; the reason of the signal.
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
    // A lookup cannot be cancelled, but need not be waited for.
    const stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    lookup(host, { all: true }, (error, addresses) => {
      signal.removeEventListener('abort', stop);
      if (error !== null) reject(error);
      else resolve(addresses as LookupAddress[]);
    });
  });
}

/** Returns the addresses with IPv4 and IPv6 alternating, beginning with the family that the system prefers. */
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
        // A socket that is no longer in the set was stopped, because the race is over.
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
