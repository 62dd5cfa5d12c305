import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { UsageError } from '../../base/errors.js';

/**
 * Looks up a name of this machine, and returns only loopback addresses. The socket connects to the address it returns, so
 * that nothing can change between the check and the connection.
 *
 * Its error is a UsageError if a hosts file or a name server resolves the name to another machine.
 */
export const lookUpLoopback: LookupFunction = (name, options, callback) => {
  lookup(name, { ...options, all: true }, (error, addresses) => {
    const [own, ...others] = (addresses ?? []).filter(({ address }) => isLoopbackAddress(address));
    if (error !== null) callback(error, '');
    else if (own === undefined) callback(elsewhere(name, addresses[0]?.address ?? 'nothing'), '');
    else if (options.all) callback(null, [own, ...others]);
    else callback(null, own.address, own.family);
  });
};

function isLoopbackAddress(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./i.test(address);
}

function elsewhere(name: string, address: string): UsageError {
  return new UsageError(
    `${name} resolves to ${address}, which is not this machine. Nothing was sent.`,
    'Correct the hosts file, or use the address in the URL: 127.0.0.1 or [::1].',
  );
}
