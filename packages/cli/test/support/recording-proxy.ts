import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy that lets nothing through, so that nothing leaves this machine, and remembers who was asked for. */
export interface RecordingProxy {
  /** For a process: everything that is not on this machine goes to the proxy. */
  readonly env: Readonly<Record<string, string>>;
  /** The hosts, with ports, in the order in which they were asked for. */
  readonly hosts: readonly string[];
  close(): void;
}

export async function startRecordingProxy(): Promise<RecordingProxy> {
  const hosts: string[] = [];
  const server: Server = createServer((_request, response) => response.writeHead(403).end());
  server.on('connect', (request, socket) => {
    hosts.push(request.url ?? '');
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    env: { HTTPS_PROXY: url, HTTP_PROXY: url },
    hosts,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
