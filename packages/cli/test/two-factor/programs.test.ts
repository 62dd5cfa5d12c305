import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { installed } from '@vastai-cli/testing/programs';
import { logIn, sentWith, sessionFile } from '@vastai-cli/testing/session';
import { describe } from 'vitest';
import { withOfficialCli } from '../support/official-on-path.js';

const SHOW_KEY = 'process.stdout.write(String(process.env.VAST_API_KEY.slice(-4)))';
const program = (text: string, ...args: string[]) => ['--', process.execPath, '-e', text, ...args];
/** Prints all that it is given, as a program that leaks would, and fails where the environment has anything else. */
const LEAK = `
  const { VAST_API_KEY: sent } = process.env;
  for (const key of [sent, ...process.argv.slice(1).map((hex) => Buffer.from(hex, 'hex').toString())])
    console.log(key, key.toUpperCase(), Buffer.from('a' + key).toString('base64'));
`;
const ASK = `(async () => {
  const { VAST_URL: url, VAST_API_KEY: key } = process.env;
  const answer = await fetch(url + '/api/v0/users/current/', { headers: { Authorization: 'Bearer ' + key } });
  console.log(answer.status, await answer.text());
})()`;

describe.concurrent('auth token', () => {
  it('prints the session, which is what would be sent', async ({ harness, expect }) => {
    const { session, file } = await logIn(harness);
    const ran = await harness.vastai(['auth', 'token'], { printsKey: true });
    expect(ran).toMatchObject({ status: 0, stdout: `${session}\n`, stderr: '' });
    const json = await harness.vastai(['auth', 'token', '--json'], { printsKey: true });
    expect(json.json()).toMatchObject({ key: session, source: 'file', session: { location: file } });
    // In a variable, it is a key like any other.
    const passed = await harness.vastai(['show', 'user'], { env: { VAST_API_KEY: session } });
    expect(passed.status).toBe(0);
  });

  it('says of a passed session that has ended how to get another one', async ({ harness, expect }) => {
    const { session } = await logIn(harness);
    harness.sandbox.clock.advance(8 * 86_400);
    const env = { VAST_API_KEY: session };
    const ran = await harness.vastai(['show', 'user', '--json'], { env });
    expect(ran.status).toBe(11);
    const text = JSON.stringify(ran.json());
    expect(text).toContain('vastai tfa login --profile default');
    expect(text).toContain('VAST_API_KEY=$(vastai auth token --profile default)');
  });
});

describe.concurrent('exec', () => {
  it('gives the session to the program', async ({ harness, expect }) => {
    const { session } = await logIn(harness);
    const ran = await harness.vastai(['exec', '--mask', 'never', ...program(SHOW_KEY)]);
    expect(ran).toMatchObject({ status: 0, stdout: session.slice(-4), stderr: '' });
    const env = ['exec', '--env', 'TOKEN={{key}}'];
    const other = await harness.vastai([...env, ...program(SHOW_KEY.replace('VAST_API_KEY', 'TOKEN'))]);
    expect(other.stdout).toBe(session.slice(-4));
  });

  it('masks the session, and the key that it stands in for', async ({ harness, expect }) => {
    const { key, session } = await logIn(harness);
    const ran = await harness.vastai(['exec', ...program(LEAK, Buffer.from(key.value).toString('hex'))]);
    expect(ran.status).toBe(0);
    for (const secret of [key.value, session]) {
      expect(ran.stdout.toLowerCase()).not.toContain(secret);
      expect(ran.stdout).not.toContain(Buffer.from(`a${secret}`).toString('base64').slice(4, 40));
    }
    expect(ran.stdout).toContain('…');
  });

  it('names what it gives to a shell', async ({ harness, expect }) => {
    const { key } = await logIn(harness);
    const ran = await harness.vastai(['exec'], { env: { SHELL: '/bin/true' } });
    expect(ran.stderr).toContain(`the two-factor session of …${key.value.slice(-4)}`);
  });

  it('starts nothing with a session that cannot be read', async ({ harness, expect }) => {
    await logIn(harness);
    await harness.home.write(sessionFile(), 'two words');
    const ran = await harness.vastai(['exec', ...program('process.exit(5)')]);
    expect(ran).toMatchObject({ status: 9, stdout: '' });
  });

  it.for([
    ['usual', []],
    ['own', ['--only', 'user.show']],
  ] as const)(
    'asks with the session behind a broker with the %s policy, and lends the program neither',
    async ([, flags], { harness, expect }) => {
      const { key, session } = await logIn(harness);
      harness.sandbox.fault('GET /api/v0/users/current/', {
        kind: 'answer',
        status: 200,
        body: { id: 1, note: `${key.value} ${session}` },
      });
      const env = { COPY: session, OTHER: Buffer.from(`x${key.value}`).toString('base64') };
      const show = `console.log(Object.keys(process.env).join(' '));${ASK}`;
      const ran = await harness.vastai(['exec', '--broker', ...flags, ...program(show)], { env });
      expect(ran.status).toBe(0);
      expect(sentWith(harness)).toEqual([`session of ${key.id}`]);
      expect(ran.stdout).toContain('200 ');
      expect(ran.stdout).toContain('"note":"…');
      expect(ran.stdout).not.toMatch(/\b(?:COPY|OTHER)\b/u);
      for (const secret of [key.value, session]) expect(ran.stdout).not.toContain(secret);
    },
  );

  it('tells a program behind a broker whom to ask after the session has ended', async ({
    harness,
    expect,
  }) => {
    await logIn(harness);
    harness.sandbox.clock.advance(8 * 86_400);
    const asked = ['--', process.execPath, BIN, 'show', 'user', '--json'];
    const ran = await harness.vastai(['exec', '--broker', ...asked]);
    expect(ran.status).toBe(11);
    expect(ran.stdout).toContain('Ask the person who started this run');
    expect(ran.stdout).not.toContain('set api-key');
  });

  it('makes the key of a run with the session, and says that it has none itself', async ({
    harness,
    expect,
  }) => {
    const { key } = await logIn(harness);
    const args = ['exec', '--ephemeral', '--preset', 'monitoring', ...program(SHOW_KEY)];
    const ran = await harness.vastai(args);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain('has no two-factor session');
    const sent = sentWith(harness);
    expect(sent.filter((one) => one === `session of ${key.id}`).length).toBe(2);
    expect(harness.sandbox.keys().filter(({ kind, revoked }) => kind === 'user' && !revoked)).toMatchObject([
      { id: key.id },
    ]);
  });

  it('says how to log in and delete its key if the session ends during the run', async ({
    harness,
    expect,
  }) => {
    const { key } = await logIn(harness, { profile: 'work' });
    harness.sandbox.fault('DELETE /api/v0/auth/apikeys/*', {
      kind: 'answer',
      status: 404,
      body: { success: false, error: 'auth_error', msg: 'Session expired. Please log in again.' },
    });
    const args = ['exec', '--profile', 'work', '--ephemeral', '--preset', 'monitoring', ...program('')];
    const ran = await harness.vastai(args);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain(
      `could not be deleted. The API no longer accepts the two-factor session of …${key.value.slice(-4)}.`,
    );
    const steps = ran.stderr.match(/vastai .*$/gmu);
    expect(steps).toEqual([
      'vastai tfa login --profile work',
      expect.stringMatching(/^vastai delete api-key \d+ --profile work$/u),
    ]);
  });
});

describe.runIf(process.platform !== 'win32' && installed('python3')).concurrent('the official CLI', () => {
  it('gets the session', async ({ harness, expect }) => {
    const { session } = await logIn(harness);
    const { env } = withOfficialCli(harness);
    const ran = await harness.vastai(['search', 'offers'], { env });
    expect(ran.status).toBe(0);
    expect(ran.json()).toMatchObject({ key: session.slice(-4), source: 'variable' });
  });

  it.for([
    ['official -- tfa login'],
    ['official --retry 5 -- tfa login'],
    ['official -- --retry 5 tfa status'],
  ])('gets the key itself for its two-factor commands: %s', async ([line = ''], { harness, expect }) => {
    const { key } = await logIn(harness);
    await harness.home.write(sessionFile(), 'two words');
    const { env } = withOfficialCli(harness);
    const ran = await harness.vastai(line.split(' '), { env });
    expect(ran.status).toBe(0);
    expect(ran.json()).toMatchObject({ key: key.value.slice(-4), source: 'variable' });
  });
});

describe.concurrent('a session of the Python CLI', () => {
  it('is reported with what to do, and never sent', async ({ harness, expect }) => {
    const { home, vastai, saveKey, sandbox } = harness;
    await saveKey();
    const path = await home.write('.config/vastai/vast_tfa_key', sandbox.twoFactor.beginSession(40));
    sandbox.twoFactor.add({ method: 'totp' });
    const status = await vastai(['auth', 'status', '--json']);
    expect(status.status).toBe(11);
    expect(JSON.stringify(status.json())).toContain('vastai tfa login');
    expect(sentWith(harness)).toEqual(['key 40']);
    const doctor = await vastai(['doctor']);
    expect(doctor.status).toBe(10);
    expect(doctor.stdout).toContain(
      `${path}: A two-factor session of the Python CLI, which vastai never sends`,
    );
    expect(doctor.stdout).toContain('vastai tfa login');
  });
});
