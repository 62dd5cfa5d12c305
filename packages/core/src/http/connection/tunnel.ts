import { type IncomingMessage, request as sendRequest } from 'node:http';
import { isIP, type Socket } from 'node:net';
import { connect as secure } from 'node:tls';
import { type Destination, dial } from './dial.js';
import { loginOf } from './proxy.js';

/** TLS options that verify certificates even with NODE_TLS_REJECT_UNAUTHORIZED=0, which changes the default. */
const VERIFIED = { rejectUnauthorized: true } as const;

/** Reports that the proxy responded to the request for a tunnel with an error. */
export class ProxyError extends Error {
  constructor(readonly status: number) {
    super('proxy error');
  }
}

/**
 * Connects to a host through a proxy. The proxy sees only the request for the tunnel.
 *
 * @param proxy the result of `proxyFor`
 * @throws ProxyError; the error of the connection to the proxy; the reason of the signal.
 */
export async function openTunnel(
  proxy: URL,
  { host, port }: Destination,
  signal: AbortSignal,
): Promise<Socket> {
  const socket = await connectTo(proxy, signal);
  const target = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    const request = sendRequest({
      method: 'CONNECT',
      path: target,
      headers: { Host: target, 'Proxy-Connection': 'close', ...authorization(proxy) },
      createConnection: () => socket,
      signal,
    });
    request.once('error', (error) => {
      socket.destroy();
      reject(error);
    });
    request.once('connect', ({ statusCode = 0 }: IncomingMessage, tunnel: Socket, head: Buffer) => {
      if (statusCode < 200 || statusCode > 299) {
        tunnel.destroy();
        reject(new ProxyError(statusCode));
        return;
      }
      if (head.length > 0) tunnel.unshift(head);
      resolve(tunnel);
    });
    request.end();
  });
}

async function connectTo(proxy: URL, signal: AbortSignal): Promise<Socket> {
  const isSecure = proxy.protocol === 'https:';
  const host = proxy.hostname.replace(/^\[|\]$/g, '');
  const socket = await dial({ host, port: Number(proxy.port || (isSecure ? 443 : 80)) }, signal);
  if (!isSecure) return socket;
  const servername = isIP(host) === 0 ? { servername: host } : {};
  return secure({ ...VERIFIED, socket, host, ...servername, ALPNProtocols: ['http/1.1'] });
}

function authorization(proxy: URL): Record<string, string> {
  const login = loginOf(proxy);
  return login === undefined
    ? {}
    : { 'Proxy-Authorization': `Basic ${Buffer.from(login).toString('base64')}` };
}
