import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { onTestFinished } from 'vitest';

/** Listens without accepting until its input arrives, then forwards every connection to another port. */
const RELAY = `
const { readSync } = require('node:fs');
const { createServer, connect } = require('node:net');
const [host, port, target] = process.argv.slice(1);
createServer((socket) => {
  const onward = connect(Number(target), '127.0.0.1');
  for (const each of [socket, onward]) each.on('error', () => {});
  socket.pipe(onward).pipe(socket);
}).listen({ host, port: Number(port), backlog: 1 }, function () {
  process.stdout.write(this.address().port + '\\n', () => readSync(0, Buffer.alloc(1)));
});
`;

/**
 * Opens a port of this machine where a handshake takes a second or more, as on a network that loses packets: so many
 * connections wait there that the system drops the packets of another one.
 *
 * @param target the port of 127.0.0.1 that connections are passed on to, once `response` has been called.
 * @param port the port to open; any without it.
 */
export async function openSlowPort(target: number, { host = '127.0.0.1', port = 0 } = {}) {
  const child = spawn(process.execPath, ['-e', RELAY, host, `${port}`, `${target}`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const opened = await new Promise<number>((resolve) =>
    child.stdout.once('data', (text) => resolve(Number(text))),
  );
  // Linux takes one more than it was asked for.
  for (let count = 0; count < 2; count += 1) {
    const filler = connect(opened, host);
    onTestFinished(() => void filler.destroy());
    await new Promise((resolve) => filler.once('connect', resolve));
  }
  return {
    port: opened,
    /** Accepts connections after one was dropped, which the system retries a second after it began. */
    async response(): Promise<void> {
      while (!(await isConnecting(host, opened))) await sleep(20);
      child.stdin.write('.');
    },
  };
}

/** Returns true if a connection to this port has begun, and has no response yet. */
async function isConnecting(host: string, port: number): Promise<boolean> {
  const address = host
    .split('.')
    .reverse()
    .map((part) => hex(Number(part), 2))
    .join('');
  const remote = `${address}:${hex(port, 4)} 02 `;
  return (await readFile('/proc/net/tcp', 'utf8')).includes(remote);
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
