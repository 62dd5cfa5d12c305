import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { describe as anyDescribe, expect } from 'vitest';
import { cliWithoutAddon } from './support/cli-without-addon.js';
import { it as plainIt } from './support/it.js';
import { KEY_FILE, LEGACY_FILE, SETTINGS } from './support/places.js';
import { describe, it, openKeychainStage } from './support/with-keychain.js';

interface Finding {
  readonly check: string;
  readonly state: 'ok' | 'info' | 'problem';
  readonly message: string;
  readonly fix?: string;
}

interface Doctor {
  readonly status: number | null;
  readonly checks: readonly Finding[];
  readonly problems: readonly Finding[];
}

type Run = (
  args: readonly string[],
  options?: { env?: Record<string, string | undefined> },
) => Promise<{
  readonly status: number | null;
  readonly stderr: string;
  json(): { readonly checks: readonly Finding[] };
}>;

/** Another API, to which the saved key is not sent: this machine is never reached through a proxy. */
const ELSEWHERE = { VAST_URL: 'https://api.example' };

async function doctor(vastai: Run, env: Record<string, string | undefined> = {}): Promise<Doctor> {
  const ran = await vastai(['doctor', '--json', '--retry', '0'], { env });
  expect(ran.stderr).toBe('');
  const { checks } = ran.json();
  const problems = checks.filter(({ state }) => state === 'problem');
  // The status says the same as the report, and every problem says what mends it.
  expect(ran.status).toBe(problems.length === 0 ? 0 : 10);
  for (const { fix } of problems) expect(fix).toMatch(/./);
  return { status: ran.status, checks, problems };
}

describe('doctor, where there is a keychain', () => {
  it('finds nothing wrong where nothing is', async ({ stage }) => {
    const { vastai, keep, sandbox } = stage;
    await keep('keychain', sandbox.key);
    const { status, checks } = await doctor(vastai);
    expect(status).toBe(0);
    const suffix = sandbox.key.slice(-4);
    expect(checks).toEqual(
      expect.arrayContaining([
        { check: 'key', state: 'ok', message: `The key …${suffix} of keychain (vastai, default) is sent.` },
        { check: 'keychain', state: 'ok', message: expect.stringContaining('answers on the session bus') },
        { check: 'proxy', state: 'ok', message: `Requests to ${sandbox.url} go through no proxy.` },
        { check: 'api', state: 'ok', message: `${sandbox.url} answers and accepts the key.` },
        { check: 'plugin', state: 'info', message: expect.stringMatching(/^@vastai-cli\/plugin-keys \d/) },
      ]),
    );
    const shown = await vastai(['doctor']);
    expect(shown.status).toBe(0);
    expect(shown.stdout).toMatch(/^ok +program +vastai-cli\/.*node-v/);
    expect(shown.stdout).toMatch(/\nNothing is wrong\.\n$/);
  });

  it('says that the keychain that has the key is locked', async ({ stage }) => {
    const { vastai, keep, sandbox, keychain, home } = stage;
    await keep('keychain', sandbox.key);
    await keychain.lock();
    const { problems } = await doctor(vastai);
    expect(problems.map(({ check }) => check)).toEqual(['key', 'keychain']);
    expect(problems[1]?.message).toContain('locked');
    // With a legacy file too, which cannot be compared with a key that cannot be read.
    await home.write(LEGACY_FILE, sandbox.key);
    await home.write(SETTINGS, '{"version":1,"profiles":{"default":{"storage":"keychain"}}}');
    expect((await doctor(vastai)).problems.map(({ check }) => check)).toEqual(['key', 'keychain']);
  });

  it('says that the keychain that has the key hangs', async ({ stage }) => {
    const { vastai, keep, sandbox, keychain } = stage;
    await keep('keychain', sandbox.key);
    keychain.freeze();
    const { problems } = await doctor(vastai, { VASTAI_KEYCHAIN_TIMEOUT: '0.5' });
    // On a busy machine the addon takes that long to load.
    expect(new Set(problems.map(({ check }) => check))).toEqual(new Set(['key', 'keychain']));
    for (const { message } of problems) expect(message).toContain('did not answer within 0.5 s');
  });

  it('says that there is no session bus, where the key is in the keychain', async ({ stage }) => {
    const { vastai, keep, sandbox } = stage;
    await keep('keychain', sandbox.key);
    const { problems } = await doctor(vastai, { DBUS_SESSION_BUS_ADDRESS: undefined });
    expect(problems.map(({ check }) => check)).toEqual(['key', 'keychain']);
    expect(problems[1]?.message).toContain('no session bus');
  });

  it('says that the addon is missing, where the key is in the keychain', async ({ onTestFinished }) => {
    const cli = await cliWithoutAddon();
    onTestFinished(cli.remove);
    const stage = await openKeychainStage(cli.bin);
    onTestFinished(stage.close);
    await stage.keep('keychain', stage.sandbox.key);
    const { problems } = await doctor(stage.vastai);
    expect(problems.map(({ check }) => check)).toEqual(['key', 'keychain']);
    expect(problems[1]?.message).toContain('addon (keytar) is not installed');
  });

  it('tells no problem of a keychain that is not used', async ({ stage }) => {
    const { vastai, keep, sandbox, keychain } = stage;
    await keep('file', sandbox.key);
    await keychain.lock();
    const locked = await doctor(vastai);
    expect(locked.problems).toEqual([]);
    expect(locked.checks).toContainEqual({
      check: 'keychain',
      state: 'info',
      message: 'The keychain is locked.',
    });
    const missing = await doctor(vastai, { DBUS_SESSION_BUS_ADDRESS: undefined });
    expect(missing.problems).toEqual([]);
    expect(missing.checks).toContainEqual({
      check: 'keychain',
      state: 'info',
      message: expect.stringMatching(/no session bus.*Keys are kept in files here/),
    });
  });
});

anyDescribe.concurrent('doctor', () => {
  plainIt('says that there is no key, and asks nobody then', async ({ stage: { vastai, asked } }) => {
    const { problems, checks } = await doctor(vastai);
    expect(problems).toEqual([
      { check: 'key', state: 'problem', message: 'No key is found.', fix: 'vastai set api-key' },
    ]);
    expect(checks).toContainEqual(expect.objectContaining({ check: 'api', state: 'info' }));
    expect(asked()).toEqual([]);
  });

  plainIt('says that the key is rejected', async ({ stage: { vastai, unknownKey } }) => {
    const { problems } = await doctor(vastai, { VAST_API_KEY: await unknownKey() });
    expect(problems.map(({ check }) => check)).toEqual(['api']);
  });

  plainIt('says that the API cannot be reached', async ({ stage: { vastai, sandbox } }) => {
    const { problems } = await doctor(vastai, { VAST_API_KEY: sandbox.key, VAST_URL: 'http://127.0.0.1:9' });
    expect(problems.map(({ check }) => check)).toEqual(['api']);
  });

  plainIt('says that the key belongs to another API', async ({ stage: { vastai, home, saveKey } }) => {
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

  plainIt.for([
    [{ VAST_URL: 'nonsense' }, 'VAST_URL'],
    [{ VAST_PROFILE: 'No Name' }, 'VAST_PROFILE'],
  ] as const)('reports that the settings cannot be used: %j', async ([env, name], { stage }) => {
    const { problems } = await doctor(stage.vastai, env);
    expect(problems).toMatchObject([{ check: 'settings', message: expect.stringContaining(name) }]);
  });

  plainIt('reports a .vastai-profile that names none', async ({ stage: { vastai, home } }) => {
    const path = await home.write('.vastai-profile', 'No Name');
    const { problems } = await doctor(vastai);
    expect(problems).toMatchObject([{ check: 'settings', message: expect.stringContaining(path) }]);
  });

  plainIt('says that a key file cannot be read', async ({ stage: { vastai, home } }) => {
    await mkdir(home.at(KEY_FILE), { recursive: true, mode: 0o700 });
    const { problems } = await doctor(vastai);
    expect(problems).toMatchObject([{ check: 'key', message: expect.stringContaining(home.at(KEY_FILE)) }]);
  });

  plainIt.skipIf(process.platform === 'win32')('says that others can read the key', async ({ stage }) => {
    const { vastai, saveKey, home } = stage;
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

  plainIt('says that there is a legacy file', async ({ stage: { vastai, home, sandbox } }) => {
    const path = await home.write(LEGACY_FILE, sandbox.key);
    const { problems } = await doctor(vastai);
    expect(problems).toMatchObject([{ check: 'file', message: expect.stringContaining(path) }]);
    // Looking changes nothing.
    expect(await home.read(LEGACY_FILE)).toBe(sandbox.key);
    expect(await home.read(KEY_FILE)).toBeUndefined();
  });

  plainIt('says that a two-factor session is there, which is no problem', async ({ stage }) => {
    await stage.saveKey();
    const path = await stage.home.write('.config/vastai/vast_tfa_key', await stage.unknownKey());
    const { problems, checks } = await doctor(stage.vastai);
    expect(problems).toEqual([]);
    expect(checks).toContainEqual(
      expect.objectContaining({ check: 'file', message: expect.stringContaining(path) }),
    );
  });

  plainIt.for(['{', '[]', '{"version":2}', '{"profiles":{"default":{"storage":"cloud"}}}'])(
    'says that the settings are of no use: %s',
    async (settings, { stage: { vastai, home, saveKey } }) => {
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

  plainIt('says that the key command fails', async ({ stage: { vastai, home } }) => {
    const record = { storage: 'command', command: ['no-such-program-here'] };
    await home.write(SETTINGS, JSON.stringify({ version: 1, profiles: { default: record } }));
    const { problems } = await doctor(vastai);
    expect(problems).toMatchObject([{ check: 'key', message: expect.stringContaining('was not found') }]);
  });

  plainIt.for([
    'http://me:a-password@proxy.example:3128',
    'me:a-password@proxy.example:3128',
    'http://proxy.example:3128/?a-password',
  ])('names the host of a proxy alone, not what is in %s beside it', async (proxy, { stage }) => {
    await stage.saveKey();
    const { checks } = await doctor(stage.vastai, { HTTPS_PROXY: proxy, ...ELSEWHERE });
    expect(checks).toContainEqual({
      check: 'proxy',
      state: 'info',
      message: 'Requests to https://api.example go through the proxy proxy.example:3128.',
    });
    expect(JSON.stringify(checks)).not.toContain('a-password');
  });

  plainIt.for([
    'http://',
    'http://a-password@:x',
    'ftp://a-password@proxy.example',
    'socks5://a-password@proxy.example',
    'http://me:1/a-password@proxy.example:3128',
  ])('says that %s is no proxy', async (proxy, { stage }) => {
    await stage.saveKey();
    const { problems, checks } = await doctor(stage.vastai, { HTTPS_PROXY: proxy, ...ELSEWHERE });
    expect(problems.map(({ check }) => check)).toContain('proxy');
    expect(JSON.stringify(checks)).not.toContain('a-password');
  });

  plainIt('reports that no request can go through a proxy that is none', async ({ stage }) => {
    const env = { HTTPS_PROXY: 'socks5://proxy.example', VAST_API_KEY: stage.sandbox.key, ...ELSEWHERE };
    const { problems } = await doctor(stage.vastai, env);
    expect(problems.map(({ check }) => check)).toEqual(['proxy', 'api']);
  });

  plainIt.for([{}, { ...ELSEWHERE, NO_PROXY: 'api.example' }] as const)(
    'minds no proxy that the requests do not go through: %j',
    async (env, { stage }) => {
      await stage.saveKey();
      const { checks } = await doctor(stage.vastai, { HTTPS_PROXY: 'socks5://proxy.example', ...env });
      expect(checks).toContainEqual(expect.objectContaining({ check: 'proxy', state: 'ok' }));
    },
  );

  plainIt('says that the certificates are not there', async ({ stage: { vastai, saveKey, home } }) => {
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

  plainIt(
    'shows each problem with its fix, and never a key',
    async ({ stage: { vastai, home, sandbox } }) => {
      await home.write(LEGACY_FILE, sandbox.key);
      const ran = await vastai(['doctor'], {
        env: { VAST_API_KEY: sandbox.key, VAST_URL: 'http://127.0.0.1:9' },
      });
      expect(ran.status).toBe(10);
      expect(ran.stdout).toMatch(/\nWRONG +file +.*\.vast_api_key.*\n +→ vastai config migrate\n/);
      expect(ran.stdout).toMatch(/\nWRONG +api +.*\n +→ /);
      expect(ran.stdout).toMatch(/\n2 things are wrong\.\n$/);
      expect(ran.stdout + ran.stderr).not.toContain(sandbox.key);
    },
  );
});
