import { createServer, type RequestListener } from 'node:http';
import { createServer as createRawServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Starts an API that responds as the test wants it to. */
export function startUpstream(listener: RequestListener): Promise<URL> {
  return listening(createServer(listener));
}

/** Starts an API that writes bytes. They need not be HTTP. It gets each request as a string, once it has come to an end. */
export function startRawUpstream(respond: (socket: Socket, request: string) => void): Promise<URL> {
  const server = createRawServer((socket) => {
    let got = '';
    socket
      .on('error', () => {})
      .on('data', (bytes) => {
        got += bytes.toString('latin1');
        if (got.includes('\r\n\r\n')) respond(socket, got);
      });
  });
  return listening(server);
}

/** Waits until a server listens on 127.0.0.1, and closes it with the test. */
export async function listening(server: Server, protocol = 'http'): Promise<URL> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as { port: number };
  return new URL(`${protocol}://127.0.0.1:${port}`);
}
