import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished } from 'vitest';
import { it, startRun } from './support/run.js';

const SHOW = '/api/v0/users/current/';
const RENT = 'PUT /api/v0/asks/5/ HTTP/1.1';

describe('500 connections that are never done', () => {
  it('do not keep others from working', async () => {
    const run = await startRun();
    const { port, host } = new URL(run.broker.url);
    const starts = [
      '',
      'GET',
      `GET ${SHOW} HTTP/1.1\r\nHost: ${host}\r\nX: `,
      `${RENT}\r\nHost: ${host}\r\nAuthorization: Bearer ${run.broker.token}\r\nContent-Length: 9\r\n\r\n{`,
    ];
    const sockets = await Promise.all(
      Array.from({ length: 500 }, (_, at) => {
        const socket = connect(Number(port), '127.0.0.1');
        socket.on('error', () => {});
        return new Promise<Socket>((resolve) =>
          socket.once('connect', () => socket.write(starts[at % 4] || '\r', () => resolve(socket))),
        );
      }),
    );
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    for (let at = 0; at < 20; at += 1) {
      for (const socket of sockets.slice(at * 25, at * 25 + 25)) socket.write('a');
      expect((await run.ask('GET', SHOW, { agent: false })).status).toBe(200);
    }
    expect(new Set(run.reached())).toEqual(new Set([`GET ${SHOW}`]));
  });
});

describe('more connections than there may be', () => {
  it('do not keep out a program with the token, nor end its connections', async () => {
    const run = await startRun({ limits: { connections: 20, headMs: 60_000, requestMs: 60_000 } });
    const { port } = new URL(run.broker.url);
    const kept = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => kept.destroy());
    expect((await run.ask('GET', SHOW, { agent: kept })).status).toBe(200);
    const ended: Promise<unknown>[] = [];
    for (let at = 0; at < 100; at += 1) {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('GET '));
      socket.on('error', () => {});
      ended.push(new Promise((resolve) => socket.once('close', resolve)));
      onTestFinished(() => void socket.destroy());
      if (at % 10 === 9) expect((await run.ask('GET', SHOW, { agent: false })).status).toBe(200);
    }
    await Promise.all(ended.slice(0, 70));
    expect((await run.ask('GET', SHOW, { agent: kept })).status).toBe(200);
  });
});
