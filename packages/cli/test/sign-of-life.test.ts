import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it } from '@vastai-cli/testing/checkout/cli';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const WAITING = /Waiting for 127\.0\.0\.1:\d+ \.\.\./;
const USER = JSON.stringify({ id: 7, username: 'somebody', email: 'somebody@example.com' });

/** An API that answers when it is told to. */
async function serveLater(onTestFinished: (work: () => void) => void) {
  const open: ServerResponse[] = [];
  const server = createServer((_, response) => {
    open.push(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answer: () => open.shift()?.writeHead(200, { 'content-type': 'application/json' }).end(USER),
    drop: () => open.shift()?.destroy(),
  };
}

describe.skipIf(!canOpenTerminal())('a command that waits for an answer', { concurrent: true }, () => {
  it('says so on a terminal after a second, and erases the line', async ({ harness, onTestFinished }) => {
    const api = await serveLater(onTestFinished);
    const env = { VAST_API_KEY: harness.sandbox.key, VAST_URL: api.url };
    const terminal = harness.onTerminal(['show', 'user'], { env, stdoutTo: harness.home.at('stdout') });
    await terminal.see('Waiting for 127.0.0.1');
    api.answer();
    const { status, screen } = await terminal.ended;
    expect(status).toBe(0);
    expect(screen).toMatch(new RegExp(`^\\r${WAITING.source}\\r +\\r$`));
    expect(await harness.home.read('stdout')).toContain('somebody');
  });

  it('erases the line before an error too', async ({ harness, onTestFinished }) => {
    const api = await serveLater(onTestFinished);
    const env = { VAST_API_KEY: harness.sandbox.key, VAST_URL: api.url };
    const terminal = harness.onTerminal(['show', 'user', '--retry', '0'], { env });
    await terminal.see('Waiting for 127.0.0.1');
    api.drop();
    const { status, screen } = await terminal.ended;
    expect(status).toBe(8);
    expect(screen).toMatch(/\.\.\.\r +\r\S*Error:/);
  });

  it.for([
    [['show', 'user', '--json'], {}],
    [['show', 'user'], { CI: 'true' }],
    [['show', 'user'], { TERM: 'dumb' }],
  ] as const)(
    'says nothing where nobody watches: %j with %j',
    async ([args, more], { harness, onTestFinished }) => {
      const api = await serveLater(onTestFinished);
      const env = { VAST_API_KEY: harness.sandbox.key, VAST_URL: api.url, ...more };
      const terminal = harness.onTerminal([...args, '--timeout', '2', '--retry', '0'], { env });
      const { status, screen } = await terminal.ended;
      expect(status).toBe(8);
      expect(screen).not.toMatch(WAITING);
    },
  );

  it('says nothing in a pipe', async ({ harness, onTestFinished }) => {
    const api = await serveLater(onTestFinished);
    const env = { VAST_API_KEY: harness.sandbox.key, VAST_URL: api.url };
    const { status, stderr } = await harness.vastai(['show', 'user', '--timeout', '2', '--retry', '0'], {
      env,
    });
    expect(status).toBe(8);
    expect(stderr).toMatch(/^Error: /);
  });
});
