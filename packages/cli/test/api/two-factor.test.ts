import { it } from '@vastai-cli/testing/checkout/cli';
import { logIn, sentWith } from '@vastai-cli/testing/session';
import { describe } from 'vitest';

const SHOW = 'GET /api/v0/users/current/';

describe.concurrent('vastai api with a two-factor session', () => {
  it.for([[['-i']], [['--explain', '--show-secrets']], [['--jq', '.']], [['-o', 'user.json']]] as const)(
    'sends it, and shows neither it nor its key with %j',
    async ([flags], { harness, expect }) => {
      const { home, sandbox, vastai } = harness;
      const { key, session } = await logIn(harness);
      for (const filler of ['', 'many words '.repeat(10_000)]) {
        sandbox.fault(SHOW, {
          kind: 'answer',
          status: 200,
          body: { one: key.value, other: session.toUpperCase(), filler, both: `${session}${key.value}` },
          headers: { 'x-echo': `${key.value} ${session}` },
        });
        const { status, stdout, stderr } = await vastai(['api', 'users/current', ...flags]);
        expect(status).toBe(0);
        const text = [stdout, stderr, await home.read('user.json')].join('\n').toLowerCase();
        for (const secret of [key.value, session]) {
          expect(text).toContain(`…${secret.slice(-4)}`);
          expect(text).not.toContain(secret.slice(0, 16));
        }
      }
      expect(new Set(sentWith(harness))).toEqual(new Set([`session of ${key.id}`]));
    },
  );

  it('shows neither in an error or a dry run', async ({ harness, expect }) => {
    const { key, session } = await logIn(harness);
    const body = { success: false, error: 'no', msg: `${session} of ${key.value}` };
    harness.sandbox.fault(SHOW, { kind: 'answer', status: 400, body });
    const failed = await harness.vastai(['api', 'users/current']);
    expect(failed).toMatchObject({ status: 1, stdout: '' });
    const input = JSON.stringify({ ssh_key: session });
    const dry = await harness.vastai(['api', 'ssh/', '-d', '-', '--dry-run'], { input });
    expect(dry.status).toBe(0);
    expect(dry.stdout).toContain(`Authorization: Bearer …${session.slice(-4)}`);
    for (const text of [failed.stderr, dry.stdout, dry.stderr])
      for (const secret of [key.value, session]) expect(text).not.toContain(secret.slice(0, 16));
  });

  it('says how to go on once it has ended', async ({ harness, expect }) => {
    const { key } = await logIn(harness, { profile: 'work' });
    harness.sandbox.clock.advance(8 * 86_400);
    const ran = await harness.vastai(['api', 'users/current', '--profile', 'work']);
    expect(ran).toMatchObject({ status: 11, stdout: '' });
    expect(ran.stderr).toContain('"success":false');
    expect(ran.stderr).toContain('vastai tfa login --profile work');
    expect(sentWith(harness)).toEqual([`session of ${key.id}`]);
  });
});
