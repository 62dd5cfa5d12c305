import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { logIn, sentWith, sessionFile } from '@vastai-cli/testing/session';
import { totpCode } from '@vastai-cli/testing/totp-code';
import { describe } from 'vitest';
import { shellOf } from '../support/shell.js';

interface Step {
  readonly do: string;
  readonly command?: string;
}

const WAYS = [
  { name: 'without a profile', profile: 'default', flags: () => [], env: {} },
  { name: 'with --profile', profile: 'work', flags: () => ['--profile', 'work'], env: {} },
  { name: 'with VAST_PROFILE', profile: 'work', flags: () => [], env: { VAST_PROFILE: 'work' } },
  {
    name: 'with --url',
    profile: 'default',
    flags: ({ sandbox }: Harness) => ['--url', sandbox.url],
    env: { VAST_URL: undefined },
  },
] as const;

describe.skipIf(process.platform === 'win32').concurrent('the advice for a session that is needed', () => {
  it.for(
    WAYS.flatMap((way) =>
      [
        ['show', 'user'],
        ['auth', 'status'],
      ].map((words) => [words.join(' '), way.name, { words, way }] as const),
    ),
  )('of %s %s logs in the key of that run', async ([, , { words, way }], { harness, expect }) => {
    const { sandbox, vastai, home } = harness;
    const { secret } = sandbox.twoFactor.add({ method: 'totp' });
    const bystander = await logIn(harness, { profile: way.profile === 'work' ? 'default' : 'work' });
    const { key } = await logIn(harness, { profile: way.profile });
    sandbox.clock.advance(8 * 86_400);
    const asked = [...words, ...way.flags(harness)];
    const ran = await vastai([...asked, '--json'], { env: way.env });
    expect(ran.status).toBe(11);
    const { command = '' } = stepsIn(ran.json()).find((step) => step.do === 'tfa-login') ?? {};
    const forPerson = await vastai(asked, { env: way.env });
    expect(forPerson.stdout + forPerson.stderr).toContain(command);
    const shell = await shellOf(harness);
    const line = `${command} --method totp --code -`;
    const code = totpCode(secret, sandbox.clock.now());
    const after = await shell(line, { env: way.env, input: code });
    expect(after.status, `${line}\n${after.output}`).toBe(0);
    expect((await vastai(asked, { env: way.env })).status).toBe(0);
    expect(sentWith(harness).at(-1)).toBe(`session of ${key.id}`);
    expect(await home.read(sessionFile(way.profile === 'work' ? 'default' : 'work'))).toBe(bystander.session);
  });

  it('for a key in a variable saves it, logs in, and passes the session', async ({ harness, expect }) => {
    const { sandbox, vastai, addKey } = harness;
    const { secret } = sandbox.twoFactor.add({ method: 'totp' });
    const key = await addKey({ name: 'ci' });
    const env = { VAST_API_KEY: key.value };
    const ran = await vastai(['show', 'user', '--json'], { env });
    expect(ran.status).toBe(11);
    const steps = stepsIn(ran.json());
    expect(steps.map((step) => step.do)).toEqual(['save-key', 'tfa-login', 'pass-session']);
    const [save = '', login = '', pass = ''] = steps.map(({ command }) => command ?? '');
    const shell = await shellOf(harness);
    expect((await shell(`${save}`, { env, input: key.value })).status).toBe(0);
    const refused = await vastai(['tfa', 'login', '--method', 'totp', '--code', '-'], {
      env,
      input: '123456',
    });
    expect(refused.status).toBe(2);
    const code = totpCode(secret, sandbox.clock.now());
    const loggedIn = await shell(`${login} --method totp --code -`, { env, input: code });
    expect(loggedIn.status, loggedIn.output).toBe(0);
    const passed = await shell(`${pass}\nexport VAST_API_KEY\nvastai show user`, { env });
    expect(passed.status, passed.output).toBe(0);
    expect(sentWith(harness).at(-1)).toBe(`session of ${key.id}`);
  });
});

/** Returns all steps of advice in a document. */
function stepsIn(document: unknown): Step[] {
  if (Array.isArray(document)) return document.flatMap(stepsIn);
  if (typeof document !== 'object' || document === null) return [];
  const { advice, ...others } = document as { advice?: readonly Step[] };
  return [...(advice ?? []), ...Object.values(others).flatMap(stepsIn)];
}
