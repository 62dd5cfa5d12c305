import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keychainStore } from '../store.js';

/** Any server can listen at the address of the session bus. */
describe.runIf(process.platform !== 'win32')('a server in place of the session bus', () => {
  let folder: string;
  let server: Server | undefined;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vastai-nobus-'));
  });
  afterEach(async () => {
    server?.close();
    await rm(folder, { recursive: true });
  });

  async function read(behave: (socket: Socket) => void, place = `path=${join(folder, 'a;b')}`) {
    const [, kind, name = ''] = /^(\w+)=(.*)$/.exec(place) ?? [];
    server = createServer((socket) => behave(socket.on('error', () => {})));
    const listening = new Promise<void>((resolve) => server?.once('listening', resolve));
    server.listen(kind === 'abstract' ? `\0${name}` : name);
    await listening;
    const DBUS_SESSION_BUS_ADDRESS = `unix:path=/nonexistent;unix:guid=0,${kind}=${name.replace(';', '%3b')}`;
    const environment = { DBUS_SESSION_BUS_ADDRESS, VASTAI_KEYCHAIN_TIMEOUT: '0.5' };
    return keychainStore({ environment, cliRoot, interactive: false }).read('default');
  }

  function answering(...answers: (string | Uint8Array)[]) {
    return (socket: Socket) => {
      socket.on('data', () => {
        const answer = answers.shift();
        if (answer !== undefined) socket.write(answer);
      });
    };
  }

  it.each([
    ['closes the connection', (socket: Socket) => socket.destroy()],
    ['refuses the user', answering('REJECTED EXTERNAL\r\n')],
    ['speaks another protocol', answering('HTTP/1.1 400 Bad Request\r\n')],
    ['never ends a line', answering('OK '.repeat(10_000))],
    ['answers with a message that is too large', answering('OK 0\r\n', Buffer.alloc(16, 0xff))],
    [
      'responds with nonsense',
      answering(
        'OK 0\r\n',
        Buffer.concat([
          Buffer.from([0x6c, 2, 1, 1, 8, 0, 0, 0, 1, 0, 0, 0, 8, 0, 0, 0]),
          Buffer.alloc(16, 0x41),
        ]),
      ),
    ],
  ])('is a missing keychain when it %s', async (_, behave) => {
    expect(await read(behave)).toMatchObject({ state: 'unreadable', problem: { code: 'keychain_missing' } });
  });

  it.each([
    ['says nothing', () => {}],
    ['lets the user in and then says nothing', answering('OK 0\r\n')],
  ])('is given up when it %s', async (_, behave) => {
    expect(await read(behave)).toMatchObject({ state: 'unreadable', problem: { code: 'keychain_timeout' } });
  });

  it.runIf(process.platform === 'linux')('is found by an abstract name too', async () => {
    const lookup = await read(answering('REJECTED\r\n'), `abstract=${folder}`);
    expect(lookup).toMatchObject({ problem: { message: expect.stringContaining('refused') } });
  });
});
