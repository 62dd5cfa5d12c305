import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE, LEGACY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';
import { doctor } from './support/doctor.js';

/** Another API, to which the saved key is not sent: this machine is never reached through a proxy. */
const ELSEWHERE = { VAST_URL: 'https://api.example' };

describe.concurrent('doctor', () => {
  it('reports that no key was found, and sends no request', async ({ harness: { vastai, asked } }) => {
    const { problems, checks } = await doctor(vastai);
    expect(problems).toMatchObject([
      { check: 'key', state: 'problem', message: 'No key found.', fix: 'vastai set api-key' },
    ]);
    expect(checks).toContainEqual(expect.objectContaining({ check: 'api', state: 'info' }));
    expect(asked()).toEqual([]);
  });

  it('reports a rejected key', async ({ harness: { vastai, unknownKey } }) => {
    const { problems } = await doctor(vastai, { VAST_API_KEY: await unknownKey() });
    expect(problems.map(({ check }) => check)).toEqual(['api']);
  });

  it('reports an unreachable API', async ({ harness: { vastai, sandbox } }) => {
    const { problems } = await doctor(vastai, { VAST_API_KEY: sandbox.key, VAST_URL: 'http://127.0.0.1:9' });
    expect(problems.map(({ check }) => check)).toEqual(['api']);
  });

  it('reports a key that belongs to another API', async ({ harness: { vastai, home, saveKey } }) => {
    await saveKey();
    await home.write(
      SETTINGS,
      '{"version":1,"profiles":{"default":{"storage":"file","url":"https://one.example"}}}',
    );
    const { problems } = await doctor(vastai, { VAST_URL: 'https://two.example' });
    expect(problems).toMatchObject([
      { check: 'key', message: expect.stringMatching(/belongs to https:\/\/one.*not sent to https:\/\/two/) },
    ]);
  });

  it.for([
    [{ VAST_URL: 'nonsense' }, 'VAST_URL'],
    [{ VAST_PROFILE: 'No Name' }, 'VAST_PROFILE'],
  ] as const)('reports that the settings cannot be used: %j', async ([env, name], { harness }) => {
    const { problems } = await doctor(harness.vastai, env);
    expect(problems).toMatchObject([{ check: 'settings', message: expect.stringContaining(name) }]);
  });

  it('reports a .vastai-profile without a valid name', async ({ harness: { vastai, home } }) => {
    const path = await home.write('.vastai-profile', 'No Name');
    const { problems } = await doctor(vastai);
    expect(problems).toMatchObject([{ check: 'settings', message: expect.stringContaining(path) }]);
  });

  it('reports an unreadable key file', async ({ harness: { vastai, home } }) => {
    await mkdir(home.at(KEY_FILE), { recursive: true, mode: 0o700 });
    const { problems } = await doctor(vastai);
    expect(problems).toMatchObject([{ check: 'key', message: expect.stringContaining(home.at(KEY_FILE)) }]);
  });

  it.skipIf(process.platform === 'win32')('reports a key that other users can read', async ({ harness }) => {
    const { vastai, saveKey, home } = harness;
    const path = await saveKey();
    await chmod(path, 0o644);
    await chmod(home.at('.config/vastai'), 0o755);
    const { problems } = await doctor(vastai);
    expect(problems).toMatchObject([
      { check: 'file', message: expect.stringContaining('.config/vastai:'), fix: 'vastai config migrate' },
      { check: 'file', message: expect.stringContaining(path), fix: 'vastai config migrate' },
    ]);
    expect((await vastai(['config', 'migrate'])).status).toBe(0);
    expect((await doctor(vastai)).status).toBe(0);
  });

  it('reports a legacy file', async ({ harness: { vastai, home, sandbox } }) => {
    const path = await home.write(LEGACY_FILE, sandbox.key);
    const { problems } = await doctor(vastai);
    expect(problems).toMatchObject([{ check: 'file', message: expect.stringContaining(path) }]);
    // Looking changes nothing.
    expect(await home.read(LEGACY_FILE)).toBe(sandbox.key);
    expect(await home.read(KEY_FILE)).toBeUndefined();
  });

  it('mentions a two-factor session, which is not a problem', async ({ harness }) => {
    await harness.saveKey();
    const path = await harness.home.write('.config/vastai/vast_tfa_key', await harness.unknownKey());
    const { problems, checks } = await doctor(harness.vastai);
    expect(problems).toEqual([]);
    expect(checks).toContainEqual(
      expect.objectContaining({ check: 'file', message: expect.stringContaining(path) }),
    );
  });

  it.for(['{', '[]', '{"version":2}', '{"profiles":{"default":{"storage":"cloud"}}}'])(
    'reports unusable settings: %s',
    async (settings, { harness: { vastai, home, saveKey } }) => {
      await saveKey();
      await home.write(SETTINGS, settings);
      const { problems, checks } = await doctor(vastai);
      expect(problems).toMatchObject([
        { check: 'settings', message: expect.stringContaining('config.json') },
      ]);
      expect(checks.map(({ check }) => check)).toEqual(
        expect.arrayContaining(['program', 'keychain', 'proxy']),
      );
    },
  );

  it('reports a failing key command', async ({ harness: { vastai, home } }) => {
    const record = { storage: 'command', command: ['no-such-program-here'] };
    await home.write(SETTINGS, JSON.stringify({ version: 1, profiles: { default: record } }));
    const { problems } = await doctor(vastai);
    expect(problems).toMatchObject([{ check: 'key', message: expect.stringContaining('was not found') }]);
  });

  it.for([
    'http://me:a-password@proxy.example:3128',
    'me:a-password@proxy.example:3128',
    'http://proxy.example:3128/?a-password',
  ])('names the host of a proxy alone, not what is in %s beside it', async (proxy, { harness }) => {
    await harness.saveKey();
    const { checks } = await doctor(harness.vastai, { HTTPS_PROXY: proxy, ...ELSEWHERE });
    expect(checks).toContainEqual({
      check: 'proxy',
      state: 'info',
      message: 'Requests to https://api.example use the proxy proxy.example:3128.',
    });
    expect(JSON.stringify(checks)).not.toContain('a-password');
  });

  it.for([
    'http://',
    'http://a-password@:x',
    'ftp://a-password@proxy.example',
    'socks5://a-password@proxy.example',
    'http://me:1/a-password@proxy.example:3128',
  ])('says that %s is no proxy', async (proxy, { harness }) => {
    await harness.saveKey();
    const { problems, checks } = await doctor(harness.vastai, { HTTPS_PROXY: proxy, ...ELSEWHERE });
    expect(problems.map(({ check }) => check)).toContain('proxy');
    expect(JSON.stringify(checks)).not.toContain('a-password');
  });

  it('reports an unusable proxy', async ({ harness }) => {
    const env = { HTTPS_PROXY: 'socks5://proxy.example', VAST_API_KEY: harness.sandbox.key, ...ELSEWHERE };
    const { problems } = await doctor(harness.vastai, env);
    expect(problems.map(({ check }) => check)).toEqual(['proxy', 'api']);
  });

  it.for([{}, { ...ELSEWHERE, NO_PROXY: 'api.example' }] as const)(
    'ignores a proxy that requests do not use: %j',
    async (env, { harness }) => {
      await harness.saveKey();
      const { checks } = await doctor(harness.vastai, { HTTPS_PROXY: 'socks5://proxy.example', ...env });
      expect(checks).toContainEqual(expect.objectContaining({ check: 'proxy', state: 'ok' }));
    },
  );

  it('reports missing certificates', async ({ harness: { vastai, saveKey, home } }) => {
    await saveKey();
    const path = home.at('ca.pem');
    await writeFile(path, '');
    const there = await vastai(['doctor', '--json'], { env: { NODE_EXTRA_CA_CERTS: path } });
    expect(there.json().checks).toContainEqual(
      expect.objectContaining({ check: 'certificates', state: 'info' }),
    );
    const gone = await vastai(['doctor', '--json'], { env: { NODE_EXTRA_CA_CERTS: home.at('gone.pem') } });
    expect(gone.status).toBe(10);
    expect(gone.json().checks).toContainEqual({
      check: 'certificates',
      state: 'problem',
      message: expect.stringContaining('gone.pem'),
      fix: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
  });

  it.for([
    ['NODE_EXTRA_CA_CERTS', 'problem'],
    // Other programs read it, and Node does not need to.
    ['SSL_CERT_FILE', 'info'],
  ] as const)('says that %s has no effect, as a %s', async ([name, state], { harness }) => {
    await harness.saveKey();
    const path = await harness.home.write('ca.der', 'no PEM file');
    const { checks } = await doctor(
      async (args, options) => {
        const ran = await harness.vastai(args, options);
        // Node's own warning about the file comes first.
        return { ...ran, stderr: '', json: () => ran.json() };
      },
      { [name]: path },
    );
    expect(checks).toContainEqual(
      expect.objectContaining({
        check: 'certificates',
        state,
        message: expect.stringContaining(`${name} has no effect`),
      }),
    );
  });

  it.for(['#', '/', '?', '%'])(
    'rejects a password with %s in the address of a proxy, as requests do, and does not print it',
    async (character, { harness: { vastai } }) => {
      const env = { HTTPS_PROXY: `http://me:1${character}a-password@proxy.example:3128`, ...ELSEWHERE };
      const { checks, problems } = await doctor(vastai, { ...env, VAST_API_KEY: 'a'.repeat(64) });
      expect(problems.map(({ check }) => check)).toEqual(['proxy', 'api']);
      const used = await vastai(['show', 'user', '--api-key', 'a'.repeat(64)], { env });
      expect(used.status).toBe(2);
      expect(used.stderr).toContain('percent-encode');
      expect(JSON.stringify(checks) + used.stderr).not.toMatch(/a-password|me:|http:\/\/me/);
    },
  );

  it('says that certificates are still verified', async ({ harness: { vastai, saveKey } }) => {
    await saveKey();
    const ran = await vastai(['doctor', '--json'], { env: { NODE_TLS_REJECT_UNAUTHORIZED: '0' } });
    expect(ran.json().checks).toContainEqual({
      check: 'certificates',
      state: 'info',
      message: expect.stringContaining('NODE_TLS_REJECT_UNAUTHORIZED=0 is ignored'),
    });
  });

  it('shows each problem with its fix, and never a key', async ({ harness: { vastai, home, sandbox } }) => {
    await home.write(LEGACY_FILE, sandbox.key);
    const ran = await vastai(['doctor'], {
      env: { VAST_API_KEY: sandbox.key, VAST_URL: 'http://127.0.0.1:9' },
    });
    expect(ran.status).toBe(10);
    expect(ran.stdout).toMatch(/\nWRONG +file +.*\.vast_api_key.*\n +→ vastai config migrate\n/);
    expect(ran.stdout).toMatch(/\nWRONG +api +.*\n +→ /);
    expect(ran.stdout).toMatch(/\n2 problems found\.\n$/);
    expect(ran.stdout + ran.stderr).not.toContain(sandbox.key);
  });
});
