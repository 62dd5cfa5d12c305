import { BlockList, isIP } from 'node:net';

/**
 * Returns the address to listen on for a host name or address, if only this machine can reach it.
 *
 * `localhost` becomes 127.0.0.1 without asking a resolver, since a hosts file could point it elsewhere.
 *
 * @throws Error if the host is anything but `localhost`, 127.0.0.0/8 or ::1.
 */
export function loopbackAddress(host: string): string {
  if (host.toLowerCase() === 'localhost') return '127.0.0.1';
  const address = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  const family = isIP(address);
  // The check below would ignore an IPv6 zone ("%eth0"), so an address with one is not accepted.
  if (family !== 0 && !address.includes('%')) {
    const loopback = new BlockList();
    loopback.addSubnet('127.0.0.0', 8, 'ipv4');
    loopback.addAddress('::1', 'ipv6');
    if (loopback.check(address, family === 6 ? 'ipv6' : 'ipv4')) return address;
  }
  throw new Error(
    `The sandbox listens on loopback only, and "${host}" is not a loopback address. Use localhost, 127.0.0.1 or ::1.`,
  );
}
