import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { Client } from '@vastai-cli/core/internal/http/client';
import type { Output } from '@vastai-cli/kit/render/output';
import { UNSTYLED } from '@vastai-cli/kit/render/styles';
import type { Terminal } from '@vastai-cli/kit/render/terminal';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { authorize } from './authorize.js';
import type { ProofFlags } from './proof-flags.js';
import { SecretInput } from './secret-input.js';

const terminal = (canAsk: boolean): Terminal => ({
  canAsk,
  obstacle: 'without a terminal',
  stdout: UNSTYLED,
  stderr: UNSTYLED,
  columns: undefined,
});

let said: string[] = [];

let requests: string[] = [];

beforeEach(() => {
  said = [];
  requests = [];
});

/** Answers the questions of a person in turn. */
class Asked extends SecretInput {
  readonly answers: string[];
  constructor(answers: string[]) {
    const output = { note: (text: string) => said.push(text), warn: (text: string) => said.push(text) };
    super(terminal(answers.length > 0), output as unknown as Output, []);
    this.answers = answers;
  }
  override async ask(what: string, again = false): Promise<string> {
    said.push(`${what}${again ? ', again' : ''}?`);
    return this.answers.shift() ?? '';
  }
}

/** Starts an API that answers these routes, by the end of their paths, and returns a client for it. */
async function api(routes: Readonly<Record<string, unknown>>): Promise<Client> {
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      const name = Object.keys(routes).find((one) => request.url?.includes(one)) ?? '';
      requests.push(`${request.method} ${name}${body === '' ? '' : ` ${body}`}`);
      response.setHeader('content-type', 'application/json').end(JSON.stringify(routes[name] ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return new Client({
    baseUrl: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    key: ApiKey.parse('own-key-0123456789abcd') as ApiKey,
    keySource: 'a test',
    retries: 0,
    timeoutMs: 10_000,
  });
}

const SENT = { success: true, secret: 'the-secret' };

const note = (kind: string) => `A code was sent by ${kind}. It is valid for ten minutes.`;

describe('an authorization', () => {
  const run = async (flags: ProofFlags, answers: string[] = [], routes: object = { '/': SENT }) =>
    authorize(flags, await api(routes as Record<string, unknown>), new Asked(answers));

  it('with a backup code is done at once', async () => {
    expect(await run({ 'backup-code': 'ab' })).toMatchObject({ authorized: true, secret: null });
    expect(requests).toEqual([expect.stringContaining('"backup_code":"ab"')]);
  });

  it('begins by email, or with the named method', async () => {
    expect(await run({})).toMatchObject({ authorized: false, secret: 'the-secret' });
    expect(requests).toEqual([expect.stringContaining('"tfa_method":"email"')]);
    expect(said).toEqual([note('email')]);
    said = [];
    await run({ method: 'totp' });
    expect(requests[1]).toContain('"tfa_method":"totp"');
    expect(said).toEqual([]);
    await run({ 'method-id': '8' });
    expect(requests[2]).toContain('"tfa_method_id":"8"');
    expect(requests[2]).not.toContain('"tfa_method":');
    expect(said).toEqual(['If codes for this method are sent to you, one is on its way.']);
  });

  it('is completed with the code and the secret it began with', async () => {
    expect(await run({ secret: 's', code: '1' })).toMatchObject({ authorized: true, secret: null });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatch(/"code":"1".*"secret":"s"|"secret":"s".*"code":"1"/u);
    expect(await run({ secret: 's' })).toMatchObject({ authorized: false, secret: 's' });
    expect(await run({ method: 'totp', code: '1' })).toMatchObject({ authorized: true });
    await expect(run({ code: '1' })).rejects.toThrow('A code sent by email needs the secret');
    await expect(run({ code: '1', 'backup-code': '2' })).rejects.toThrow('cannot be used together');
  });

  it('asks for the code', async () => {
    said = [];
    expect(await run({ method: 'totp' }, ['1'])).toMatchObject({ authorized: true });
    expect(said).toEqual(['Code?']);
  });
});
