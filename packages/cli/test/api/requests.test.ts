import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe } from 'vitest';
import { shellOf } from '../support/shell.js';

const SHOW = 'GET /api/v0/users/current/';
const json = { 'content-type': 'application/json' };

/** Runs `vastai api …` with the key of the sandbox. */
const api = (
  { vastai, sandbox }: Harness,
  args: readonly string[],
  options: { readonly input?: string; readonly env?: Record<string, string> } = {},
) => vastai(['api', ...args], { ...options, env: { VAST_API_KEY: sandbox.key, ...options.env } });

describe.concurrent('vastai api', () => {
  it('needs one request, however the path is written', async ({ harness, expect }) => {
    const { url } = harness.sandbox;
    for (const path of [
      'users/current',
      '/users/current/',
      'api/v0/users/current',
      `${url}/api/v0/users/current/`,
    ]) {
      const ran = await api(harness, [path]);
      expect(ran).toMatchObject({ status: 0, stderr: '' });
      expect(ran.json()).toMatchObject({
        email: 'you@example.com',
        api_key: expect.not.stringMatching(/^\w{64}$/u),
      });
    }
    expect(harness.asked()).toEqual([SHOW, SHOW, SHOW, SHOW]);
  });

  it.for([
    ['https://example.com/api/v0/users/current/'],
    ['//example.com/x'],
    ['users/../auth/apikeys'],
    ['users/%2e%2e/auth/apikeys/'],
    ['instances/{id}/'],
    ['users/current', '-H', 'Authorization: Bearer x'],
    ['users/current', '-H', 'no-colon'],
    ['users/current', '-X', 'TEAPOT'],
    ['users/current', '-X', 'GET', '-d', '{}'],
    ['bundles', '-d', '{"a":'],
    ['bundles', '-d', '{}', '-f', 'a=1'],
    ['bundles', '-d', '@missing.json'],
    ['bundles', '-f', 'a'],
    ['bundles', '-F', 'a=@missing.txt'],
    ['bundles', '-F', 'a=@-', '-d', '-'],
    ['bundles', '--paginate', '-f', 'a=1'],
    ['users/current', '--jq', '.['],
    ['users/current', '--max', '5'],
    ['users/current', '--silent', '--jq', '.'],
    ['users/current', '-o', ''],
    ['http:users/current'],
    [''],
    ['', '-X', 'DELETE', '--yes'],
    [],
  ])('sends nothing for %j', async (args, { harness, expect }) => {
    const ran = await api(harness, args);
    expect(ran).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/^Error: /u) });
    expect(harness.asked()).toEqual([]);
  });

  it('sends fields in the query of a GET request, and otherwise in the body', async ({ harness, expect }) => {
    await api(harness, ['bundles', '-X', 'get', '-F', 'q:={"num_gpus": {"eq": 2}}', '-f', 'order=a b']);
    await api(harness, [
      'bundles',
      '-F',
      'a[]=1',
      '-f',
      'a[]=2',
      '-F',
      'a[]=@note',
      '-F',
      'n=9223372036854775807',
    ]);
    const [first, second] = harness.sandbox.requests;
    expect(new URLSearchParams(first?.query).get('q')).toBe('{"num_gpus": {"eq": 2}}');
    expect(second).toBeUndefined();
    await harness.home.write('note', 'two\nlines\n');
    await api(harness, [
      'bundles',
      '-F',
      'a[]=1',
      '-f',
      'a[]=2',
      '-F',
      'a[]=@note',
      '-F',
      'n=9223372036854775807',
    ]);
    expect(harness.sandbox.requests[1]).toMatchObject({
      method: 'POST',
      bodyText: '{"a":[1,"2","two\\nlines\\n"],"n":9223372036854775807}',
    });
  });

  it('sends a body as it is: an argument, a file or standard input', async ({ harness, expect }) => {
    const body = '{ "id": 18446744073709551615,\n  "price": 1.10 }\n';
    await harness.home.write('body.json', body);
    await api(harness, ['bundles', '-d', body]);
    await api(harness, ['bundles', '-d', '@body.json']);
    await api(harness, ['bundles', '-d', '-'], { input: body });
    expect(harness.sandbox.requests.map(({ bodyText }) => bodyText)).toEqual([body, body, body]);
  });

  it('removes the byte order mark of a file with JSON, and keeps that of a text', async ({
    harness,
    expect,
  }) => {
    await harness.home.write('body.json', '\uFEFF{"a":1}');
    await api(harness, ['bundles', '-d', '@body.json']);
    await api(harness, ['bundles', '-d', '-'], { input: '\uFEFF{"a":1}' });
    await api(harness, ['bundles', '-F', 'x:=@body.json', '-F', 'y=@body.json']);
    expect(harness.sandbox.requests.map(({ bodyText }) => bodyText)).toEqual([
      '{"a":1}',
      '{"a":1}',
      '{"x":{"a":1},"y":"\uFEFF{\\"a\\":1}"}',
    ]);
  });

  it('prints one document with --json, whatever becomes of the body', async ({ harness, expect }) => {
    const user = ['users/current', '--json'];
    expect((await api(harness, [...user, '--silent'])).json()).toEqual({ status: 200, file: null });
    expect((await api(harness, [...user, '--jq', '.email, .id'])).json()).toEqual([
      'you@example.com',
      123456,
    ]);
    expect((await api(harness, [...user, '--jq', 'empty'])).json()).toEqual([]);
    harness.sandbox.fault(SHOW, { kind: 'answer', status: 204 }, 1);
    expect((await api(harness, user)).json()).toEqual({ status: 204, file: null });
    harness.sandbox.fault(SHOW, { kind: 'answer', status: 200, body: '' }, 1);
    expect((await api(harness, user)).json()).toEqual({ status: 200, file: null });
    expect((await api(harness, [...user, '-i'])).status).toBe(2);
  });

  it('sends further headers', async ({ harness, expect }) => {
    await api(harness, ['users/current', '-H', 'X-Trace: a: b']);
    expect(harness.sandbox.requests[0]?.headers['x-trace']).toBe('a: b');
  });

  it('prints status and headers with -i, and no body with --silent', async ({ harness, expect }) => {
    const headers = { ...json, 'x-note': 'here', 'set-cookie': 'session=secret' };
    harness.sandbox.fault(SHOW, { kind: 'answer', status: 200, body: { a: 1 }, headers }, 2);
    const { stdout } = await api(harness, ['users/current', '-i']);
    expect(stdout).toMatch(/^HTTP\/1\.1 200 OK\n(?:[\w-]+: .*\n)+\n\{"a":1\}$/u);
    expect(stdout).toContain('x-note: here\n');
    expect(stdout).not.toContain('secret');
    expect((await api(harness, ['users/current', '--silent'])).stdout).toBe('');
  });

  it('keeps the new key in the response that makes one', async ({ harness, expect }) => {
    const { vastai, sandbox } = harness;
    const ran = await vastai(['api', 'auth/apikeys', '-f', 'name=ci', '--yes', '--jq', '.key'], {
      env: { VAST_API_KEY: sandbox.key },
      printsKey: true,
    });
    expect(ran).toMatchObject({ status: 0, stdout: expect.stringMatching(/^[0-9a-f]{64}\n$/u) });
  });

  it('asks before what destroys, pays, changes access or is unknown', async ({ harness, expect }) => {
    const dangerous = [
      ['instances/5/', '-X', 'DELETE'],
      ['asks/5/', '-X', 'PUT', '-f', 'image=x'],
      ['auth/apikeys', '-f', 'name=x'],
      ['unheard/of', '-X', 'POST'],
      ['commands/schedule_job', '-f', 'request_method=DELETE', '-f', 'api_endpoint=/api/v0/instances/5/'],
    ];
    for (const args of dangerous) {
      const ran = await api(harness, args);
      expect(ran).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('add --yes') });
    }
    expect(harness.asked()).toEqual([]);
    for (const args of dangerous.slice(0, 2)) await api(harness, [...args, '--yes']);
    await api(harness, ['instances/reboot/5/', '-X', 'PUT']);
    await api(harness, ['unheard/of']);
    expect(harness.asked()).toEqual([
      'DELETE /api/v0/instances/5/',
      'PUT /api/v0/asks/5/',
      'PUT /api/v0/instances/reboot/5/',
      'GET /api/v0/unheard/of',
    ]);
  });

  it('waits for a new key although it is interrupted', async ({ harness, expect }) => {
    const { start, sandbox } = harness;
    sandbox.fault('POST /api/v0/auth/apikeys/', { kind: 'latency', ms: 1500, acts: true });
    const running = start(['api', 'auth/apikeys', '-f', 'name=ci', '--yes', '--jq', '.key'], {
      env: { VAST_API_KEY: sandbox.key },
      printsKey: true,
    });
    while (sandbox.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    running.kill('SIGTERM');
    const ran = await running.ended;
    expect(ran).toMatchObject({ status: 0, stdout: expect.stringMatching(/^[0-9a-f]{64}\n$/u) });
    expect(ran.stderr).toContain('a key may have been created');
  });

  it('says that a key may have been made if its response is lost', async ({ harness, expect }) => {
    const make = ['auth/apikeys', '-f', 'name=ci', '--yes'];
    const failing = await api(harness, [...make, '--jq', '.key.x']);
    harness.sandbox.fault('POST /api/v0/auth/apikeys/', { kind: 'drop', acts: true }, 1);
    const dropped = await api(harness, make);
    harness.sandbox.fault('POST /api/v0/auth/apikeys/', { kind: 'answer', status: 500, body: {} }, 1);
    const broken = await api(harness, make);
    expect([failing.status, dropped.status, broken.status]).toEqual([2, 8, 8]);
    for (const { stdout, stderr } of [failing, dropped, broken]) {
      expect(stdout).toBe('');
      expect(stderr).toContain(
        'A key may have been made, which is not shown again. Find it: vastai show api-keys  Delete it: vastai delete api-key ID',
      );
    }
    const reading = await api(harness, ['users/current', '--jq', '.email.x']);
    expect(reading.stderr).not.toContain('A key');
  });

  const outputs = ['> /dev/full', '>&-', '| :'];
  const formats = [[], ['--json'], ['--raw'], ['-i'], ['--jq', '.key']];
  const lost = outputs.flatMap((to) => formats.map((flags) => [to, flags] as const));
  it.runIf(existsSync('/dev/full')).for(lost)(
    'says how to delete a key that standard output did not take: %s %j',
    async ([to, flags], { harness, expect }) => {
      const through = ['bash', '-c', `set -o pipefail; "$@" ${to}`, 'bash'];
      const env = { VAST_API_KEY: harness.sandbox.key };
      const make = ['api', 'auth/apikeys', '-f', 'name=ci', '--yes'];
      const ran = await harness.vastai([...make, ...flags], { through, env });
      expect(ran).toMatchObject({ status: 1, stdout: '' });
      expect(ran.stderr).toContain('Find it: vastai show api-keys  Delete it: vastai delete api-key ID');
    },
  );

  it('prints an error as the document of --json, and its body on standard error', async ({
    harness,
    expect,
  }) => {
    const ran = await api(harness, ['unheard/of', '--json']);
    expect(ran.status).toBe(6);
    expect(ran.json()).toMatchObject({ error: { code: 'not_found', status: 404 } });
    expect(ran.stderr).toMatch(/^\{"success":false/u);
    const { stderr } = await api(harness, ['unheard/of', '-i']);
    expect(stderr).toMatch(/^HTTP\/1\.1 404 Not Found\n(?:[\w-]+: .*\n)+\n\{"success":false/u);
  });

  it('names the route that replaces one that was switched off', async ({ harness, expect }) => {
    const msg = 'This endpoint is deprecated. Use /api/v1/instances/ instead.';
    for (const status of [410, 400]) {
      const body = { success: false, error: 'deprecated_endpoint', msg };
      harness.sandbox.fault('GET /api/v0/instances/', { kind: 'answer', status, body });
      const ran = await api(harness, ['instances', '--json']);
      expect(ran.status).toBe(1);
      expect(ran.json().error).toMatchObject({ code: 'api_error', status });
      expect(JSON.stringify(ran.json())).toContain('/api/v1/instances/');
    }
  });

  it('prints nothing of a response that breaks off', async ({ harness, expect }) => {
    harness.sandbox.fault(SHOW, { kind: 'truncate' }, Number.POSITIVE_INFINITY);
    const ran = await api(harness, ['users/current', '--retry', '0']);
    expect(ran).toMatchObject({ status: 8, stdout: '' });
  });

  it('reports what a large response left out on standard error, if it breaks off', async ({
    harness,
    expect,
  }) => {
    const server = createServer((_, response) => {
      response.writeHead(200, { ...json, 'content-length': '900000' });
      response.write(`["${'x'.repeat(300_000)}",`, () => setTimeout(() => response.destroy(), 500));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const ran = await api(harness, ['large', '--json', '--retry', '0'], {
      env: { VAST_URL: `http://127.0.0.1:${port}` },
    });
    server.close();
    expect(ran).toMatchObject({ status: 8, stderr: expect.stringMatching(/^Error: /u) });
    expect(ran.stdout).not.toContain('"error"');
  });

  it('stops without an error if its reader does', async ({ harness, expect }) => {
    harness.sandbox.fault(SHOW, { kind: 'oversize', bytes: 3e6 });
    const shell = await shellOf(harness);
    const { output } = await shell('vastai api users/current | head -c 5; echo; echo over', {
      env: { VAST_API_KEY: harness.sandbox.key },
    });
    expect(output).toMatch(/^.{5}\nover\n$/u);
  });

  it('ends while jq does not, at the first signal', async ({ harness, expect }) => {
    const { start, sandbox } = harness;
    const running = start(['api', 'users/current', '--jq', 'def f: f; f'], {
      env: { VAST_API_KEY: sandbox.key },
    });
    while (sandbox.requests[0]?.status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 500));
    running.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ signal: 'SIGTERM', stdout: '' });
  });
});

describe.skipIf(!canOpenTerminal()).concurrent('vastai api on a terminal', () => {
  it('asks with the operation and its risk', async ({ harness, expect }) => {
    const { onTerminal, sandbox, asked } = harness;
    const env = { VAST_API_KEY: sandbox.key };
    const no = onTerminal(['api', 'instances/5/', '-X', 'DELETE'], { env });
    await no.see('destroys an instance and all data on it');
    no.type('n\r');
    expect((await no.ended).status).toBe(2);
    expect(asked()).toEqual([]);
    const yes = onTerminal(['api', 'instances/5/', '-X', 'DELETE'], { env });
    await yes.see('Send it?');
    yes.type('y\r');
    expect((await yes.ended).status).toBe(0);
    expect(asked()).toEqual(['DELETE /api/v0/instances/5/']);
  });

  it('gets no control characters of a response', async ({ harness, expect }) => {
    const { onTerminal, sandbox } = harness;
    const body = 'a\u001b[31mb\u0007\u202e';
    sandbox.fault(SHOW, { kind: 'answer', status: 200, body });
    const { screen } = await onTerminal(['api', 'users/current'], { env: { VAST_API_KEY: sandbox.key } })
      .ended;
    expect(screen).not.toMatch(/\u001b\[31m|\u0007|\u202e/u);
    expect(screen).toContain('b');
  });
});
