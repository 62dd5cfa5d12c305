import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { isRunning, processIdIn, signalProcess } from '@vastai-cli/testing/processes';
import { installed } from '@vastai-cli/testing/programs';
import { describe } from 'vitest';
import { fileIn } from './places.js';

const SHOW = '/api/v0/users/current/';
const onPosix = process.platform !== 'win32';

/** A program that sends the requests in its arguments, and prints the status of each, and the error if it has one. */
const ASK = `(async () => {
  for (const line of process.argv.slice(1)) {
    const [method, path, body] = line.split(' ');
    const answer = await fetch(process.env.VAST_URL + path, {
      method,
      body,
      headers: { Authorization: 'Bearer ' + process.env.VAST_API_KEY },
    }).catch((error) => error.cause);
    const text = answer.status === undefined ? '' : await answer.text();
    console.log(answer.status ?? answer.code, /"error":"(\\w+)"/.exec(text)?.[1] ?? '');
  }
})()`;
const ask = (...requests: string[]) => ['--', process.execPath, '-e', ASK, ...requests];
const run = ({ vastai }: Harness, args: readonly string[], env: Record<string, string | undefined> = {}) =>
  vastai(['exec', '--broker', ...args], { env });

describe.concurrent('vastai exec --broker', () => {
  it('gives the program a token and an address instead of the key', async ({ harness, expect }) => {
    await harness.saveKey();
    const show = 'console.log(JSON.stringify(process.env))';
    const { sandbox } = harness;
    const env = {
      OTHER: sandbox.key,
      ENCODED: Buffer.from(`:${sandbox.key}`).toString('base64'),
      VAST_API_KEY_FILE: undefined,
      NO_PROXY: 'example.com',
    };
    const ran = await run(
      harness,
      ['--env', 'TOKEN={{key}} {{url}}', '--', process.execPath, '-e', show],
      env,
    );
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    const got = ran.json();
    expect(got).toMatchObject({
      VAST_URL: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/u),
      VAST_API_KEY: expect.stringMatching(/^[0-9a-f]{64}$/u),
      TOKEN: `${got.VAST_API_KEY} ${got.VAST_URL}`,
      NO_PROXY: 'example.com,127.0.0.1,localhost',
      no_proxy: 'example.com,127.0.0.1,localhost',
      VASTAI_NO_UPDATE_CHECK: '1',
      VASTAI_BROKER: '1',
    });
    for (const name of ['OTHER', 'ENCODED', 'VAST_API_KEY_FILE']) expect(got[name]).toBeUndefined();
    expect(got.VAST_API_KEY).not.toBe(sandbox.key);
    expect(harness.asked()).toEqual([]);
  });

  it('sends what is allowed with the key, and ends with the status of the program', async ({
    harness,
    expect,
  }) => {
    await harness.saveKey();
    const script = `${ASK}.then(() => process.exit(7))`;
    const ran = await run(harness, ['--', process.execPath, '-e', script, `GET ${SHOW}`]);
    expect(ran).toMatchObject({ status: 7, stdout: '200 \n', stderr: '' });
    expect(harness.sandbox.requests).toMatchObject([{ path: SHOW, authorization: { keyId: 40 } }]);
    expect((await run(harness, ['--', 'no-such-program'])).status).toBe(127);
  });

  it('refuses what is not, and says once what would allow it', async ({ harness, expect }) => {
    await harness.saveKey();
    const requests = [
      'DELETE /api/v0/auth/apikeys/5/',
      'DELETE /api/v0/auth/apikeys/6/',
      'GET /api/v0/none/',
    ];
    const ran = await run(harness, ask(...requests));
    expect(ran.stdout).toBe('403 broker_denied\n'.repeat(3));
    expect(ran.stderr.match(/Refused/gu)).toHaveLength(2);
    expect(ran.stderr).toContain('apikey.delete (id 5)');
    expect(ran.stderr).toContain('--allow-sensitive');
    const allowed = await run(harness, ['--allow-sensitive', ...ask(...requests.slice(0, 1))]);
    expect(allowed).toMatchObject({ stdout: '404 not_found\n', stderr: '' });
    expect(harness.asked()).toEqual(['DELETE /api/v0/auth/apikeys/5/']);
  });

  it('limits a program by a document, a preset, grants, operations and its own instances', async ({
    harness,
    expect,
  }) => {
    await harness.saveKey();
    await harness.home.write('perms.json', '{"api": {"instance_read": {}}}');
    const destroy = 'DELETE /api/v0/instances/5/';
    const list = 'GET /api/v1/instances/';
    const rent = 'PUT /api/v0/asks/5/';
    const cases: [flags: string[], stdout: string, note: string][] = [
      [['--permission_file', 'perms.json'], '200 403 403', '"api.instance.destroy": {}'],
      [['--permission-file', 'perms.json'], '200 403 403', '"instance_write": {}'],
      [['--preset', 'monitoring'], '200 403 403', 'instance.destroy'],
      [['--allow', 'instance_write:api.instance.destroy:id=5'], '403 200 403', '"instance_read": {}'],
      [['--only', 'instance.list', 'api.instance.destroy'], '200 200 403', '--only instance.create'],
      [['--own-instances'], '200 403 200', 'did not create'],
      [['--max-creates', '0'], '200 200 403', 'may create at most 0'],
      [['--preset', 'automation', '--max-creates', '0'], '200 200 403', 'may create at most 0'],
    ];
    for (const [flags, statuses, note] of cases) {
      const ran = await run(harness, [...flags, ...ask(list, destroy, rent)]);
      const got = ran.stdout.match(/^\d+/gmu)?.join(' ');
      expect({ flags, got }).toEqual({ flags, got: statuses });
      expect(ran.stderr).toContain(note);
    }
  });

  it('starts nothing if a flag is wrong', async ({ harness, expect }) => {
    await harness.saveKey();
    await harness.home.write('bad.json', '{"api": {"instance_reed": 1}}');
    const cases: [status: number, args: string[]][] = [
      [2, ['--broker', '--preset', 'none']],
      [2, ['--broker', '--only', 'instance.shw']],
      [2, ['--broker', '--permission_file', 'none.json']],
      [2, ['--broker', '--permission_file', '-']],
      [2, ['--broker', '--permission_file', 'bad.json', '--preset', 'monitoring']],
      [2, ['--broker', '--allow', 'nothing']],
      [2, ['--broker', '--max-creates', '-1']],
      [2, ['--broker', '--record', '/dev/null']],
      [2, ['--preset', 'monitoring']],
      [2, ['--permission_file', 'bad.json']],
      [2, ['--own-instances']],
      [2, ['--max-creates', '0']],
      [10, ['--broker', '--permission_file', 'bad.json']],
    ];
    for (const [status, args] of cases) {
      const ran = await harness.vastai([
        'exec',
        ...args,
        '--',
        process.execPath,
        '-e',
        'console.log("started")',
      ]);
      expect({ args, status: ran.status, stdout: ran.stdout }).toEqual({ args, status, stdout: '' });
      expect(ran.stderr).not.toBe('');
    }
    const none = await harness.vastai(['exec', '--broker', '--api-key', '', ...ask()]);
    expect(none.status).toBe(2);
  });

  it.for([
    ['instance.shw', 'Did you mean instance.show?'],
    ['INSTANCE.SHOW', 'Did you mean instance.show?'],
    ['serverless.endpoint_log', 'Did you mean serverless.endpoint_logs?'],
    ['instance.show,user.show', '--only user.show instance.show'],
    ['instance.show user.show', '--only user.show instance.show'],
    ['nothing.like.it', 'vastai permissions operations'],
    ['', 'vastai permissions operations'],
  ])('says what to write instead of --only %j', async ([operation = '', hint], { harness, expect }) => {
    await harness.saveKey();
    const ran = await run(harness, ['--only', operation, '--', 'true']);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain(hint);
  });

  it('starts nothing without a key', async ({ harness, expect }) => {
    expect((await run(harness, ask(`GET ${SHOW}`))).status).toBe(3);
    // What was typed is looked at first, so that nobody unlocks a keychain for a mistake.
    expect((await run(harness, ['--only', 'nothing', ...ask()])).status).toBe(2);
    expect((await run(harness, ['--permission_file', 'none.json', ...ask()])).status).toBe(2);
    expect(harness.asked()).toEqual([]);
  });

  it.runIf(onPosix)('records each call in a file of its own', async ({ harness, expect }) => {
    await harness.saveKey();
    const args = ['--record', 'calls.jsonl', ...ask(`GET ${SHOW}`, 'DELETE /api/v0/instances/5/')];
    for (let times = 0; times < 2; times += 1) expect((await run(harness, args)).status).toBe(0);
    const file = harness.home.at('calls.jsonl');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
    const operations = lines.map((line) => JSON.parse(line).operation);
    expect(operations).toEqual(['user.show', 'instance.destroy', 'user.show', 'instance.destroy']);
  });
});

describe.runIf(onPosix).concurrent('a program behind a broker', () => {
  it.runIf(process.platform === 'linux')(
    'has the key nowhere: not in a process, a stream or a file',
    async ({ harness, expect }) => {
      const { start, saveKey, sandbox, home } = harness;
      await saveKey();
      await home.write('gate.sh', 'echo $$ > ready; while [ ! -e gate ]; do sleep 0.05; done; env');
      const key = sandbox.key;
      const running = start(
        ['exec', '--broker', '--mask', 'never', '--record', 'rec', '--', 'sh', 'gate.sh'],
        {
          env: { SECRET_COPY: key, NODE_DEBUG: 'http,https,net' },
        },
      );
      await fileIn(harness, 'ready');
      const knows = async (file: string, pid: string) =>
        (await readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '')).includes(key);
      const pids = (await readdir('/proc')).filter((name) => /^\d+$/u.test(name));
      const withKey: string[] = [];
      for (const pid of pids) {
        if (pid === String(running.pid)) continue;
        if ((await knows('environ', pid)) || (await knows('cmdline', pid))) withKey.push(pid);
      }
      expect(withKey).toEqual([]);
      await writeFile(home.at('gate'), '');
      const ran = await running.ended;
      expect(ran.status).toBe(0);
      expect(ran.stdout + ran.stderr).not.toContain(key);
      const files = await home.files();
      const holding = Object.keys(files).filter((name) => files[name]?.includes(key));
      expect(holding).toEqual(['.config/vastai/vast_api_key']);
    },
  );

  it.runIf(installed('curl'))('does not send its token to a proxy', async ({ harness, expect }) => {
    await harness.saveKey();
    let connections = 0;
    const proxy = createServer((socket) => {
      connections += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as { port: number };
    const url = `http://127.0.0.1:${port}`;
    const script =
      'curl -s -o /dev/null -w "%{http_code}" -H "Authorization: Bearer $VAST_API_KEY" "$VAST_URL$0"';
    const env = { http_proxy: url, HTTP_PROXY: url, https_proxy: url, ALL_PROXY: url, all_proxy: url };
    const ran = await run(harness, ['--', 'sh', '-c', script, SHOW], env);
    proxy.close();
    expect(ran.stdout).toBe('200');
    expect(connections).toBe(0);
  });

  it.skipIf(!onPosix)(
    'ends once its run was killed, and the recording is whole',
    async ({ harness, expect }) => {
      const { start, saveKey, home } = harness;
      await saveKey();
      const request = `fetch(process.env.VAST_URL + '${SHOW}', {
      headers: { Authorization: 'Bearer ' + process.env.VAST_API_KEY },
    }).then(({ status }) => status, ({ cause }) => cause.code)`;
      const script = `const { writeFileSync } = require('node:fs');
      (async () => {
        writeFileSync('first', String(await ${request}));
        writeFileSync('pid', process.pid + '\\n');
        setInterval(() => {}, 1000);
      })()`;
      const running = start(['exec', '--broker', '--record', 'rec', '--', process.execPath, '-e', script]);
      const ended = running.ended.catch(() => undefined);
      expect(await fileIn(harness, 'first')).toBe('200');
      const pid = await processIdIn(home.at('pid'));
      signalProcess(running.pid as number, 'SIGKILL');
      await expect.poll(() => isRunning(pid), { timeout: 20_000 }).toBe(false);
      await ended;
      const lines = (await readFile(home.at('rec'), 'utf8')).trimEnd().split('\n');
      expect(lines.map((line) => JSON.parse(line).operation)).toEqual(['user.show']);
    },
  );
});
