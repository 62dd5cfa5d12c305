import { it } from '@vastai-cli/testing/checkout/cli';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const PROBE = ['permissions', 'probe'];
const ROUTES = [
  '/api/v0/audit_log_filters/',
  '/api/v0/subaccounts/',
  '/api/v0/volumes/',
  '/api/v1/invoices/',
  '/api/v0/machines/',
  '/api/v0/team/members/',
  '/api/v0/legion/agents/',
];
const READ = [
  'misc',
  'user_read',
  'instance_read',
  'billing_read',
  'machine_read',
  'team_read',
  'agents_read',
];
const answers = (categories: readonly { category: string; access: string }[]) =>
  Object.fromEntries(categories.map(({ category, access }) => [category, access]));

describe.concurrent('permissions probe', () => {
  it('asks each read category once, in a table, and changes nothing', async ({ harness }) => {
    const ran = await harness.vastai(PROBE, { env: { VAST_API_KEY: harness.sandbox.key } });
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(harness.asked().sort()).toEqual(ROUTES.map((route) => `GET ${route}`).sort());
    for (const category of READ) expect(ran.stdout).toMatch(new RegExp(`^${category} +yes +GET /api/`, 'mu'));
    expect(ran.stdout).toMatch(
      /^Not probed, .*: user_write, .*\. To see those permissions: vastai permissions explain --key ID$/mu,
    );
  });

  it('tells a scoped key by the errors of the API', async ({ harness }) => {
    const permissions = { api: { billing_read: {}, instance_read: { 'api.instance.show': {} }, misc: {} } };
    const { value } = await harness.addKey({ name: 'ci', permissions });
    for (const lackingPermission of [401, 403] as const) {
      harness.sandbox.quirks.lackingPermission = lackingPermission;
      const ran = await harness.vastai([...PROBE, '--json'], { env: { VAST_API_KEY: value } });
      expect(ran.status).toBe(0);
      const { categories } = ran.json();
      expect(answers(categories)).toMatchObject({
        misc: 'yes',
        user_read: 'no',
        user_write: 'not_probed',
        instance_read: 'no',
        billing_read: 'yes',
        machine_read: 'no',
        // An account without a team gets the same response.
        team_read: 'unknown',
        team_write: 'not_probed',
      });
    }
  });

  it('cannot tell from an error that is about something else', async ({ harness }) => {
    const gone = { success: false, error: 'deprecated_endpoint', msg: 'Use \u001b[2J/api/v2/ instead.' };
    harness.sandbox.fault('GET /api/v0/volumes/', { kind: 'answer', status: 410, body: gone });
    const ran = await harness.vastai(PROBE, { env: { VAST_API_KEY: harness.sandbox.key } });
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^instance_read +unknown +GET/mu);
    expect(ran.stdout).toContain('Use /api/v2/ instead.');
    expect(ran.stdout).not.toContain('\u001b');
  });

  it('never prints a response', async ({ harness }) => {
    const body = { success: true, volumes: [{ label: 'confidential' }] };
    harness.sandbox.fault('GET /api/v0/volumes/', { kind: 'answer', status: 200, body });
    for (const format of [[], ['--json'], ['--raw']]) {
      const ran = await harness.vastai([...PROBE, ...format], { env: { VAST_API_KEY: harness.sandbox.key } });
      expect(ran.stdout + ran.stderr).not.toContain('confidential');
    }
  });

  it('stops immediately if the key is rejected, needs a second factor, or nothing responds', async ({
    harness,
  }) => {
    const rejected = await harness.vastai(PROBE, { env: { VAST_API_KEY: await harness.unknownKey() } });
    expect(rejected).toMatchObject({ status: 4, stdout: '' });
    expect(harness.asked()).toHaveLength(1);

    harness.sandbox.quirks.twoFactor = 'required';
    const env = { VAST_API_KEY: harness.sandbox.key };
    expect(await harness.vastai(PROBE, { env })).toMatchObject({ status: 11, stdout: '' });
    expect(harness.asked()).toHaveLength(2);

    harness.sandbox.quirks.twoFactor = 'off';
    harness.sandbox.fault('GET /api/v0/audit_log_filters/', {
      kind: 'answer',
      status: 500,
      body: { msg: 'oops' },
    });
    expect(await harness.vastai(PROBE, { env })).toMatchObject({ status: 8, stdout: '' });
    expect(harness.asked()).toHaveLength(3);
    expect(await harness.vastai(PROBE)).toMatchObject({ status: 3, stdout: '' });
    expect(harness.asked()).toHaveLength(3);
  });

  it.skipIf(!canOpenTerminal()).for([80, 50])(
    'says on a terminal of %i columns how many requests it sends',
    async (columns, { harness }) => {
      const env = { VAST_API_KEY: harness.sandbox.key, NO_COLOR: '1' };
      const { screen, status } = await harness.onTerminal(PROBE, { env, columns }).ended;
      expect(status).toBe(0);
      expect(screen).toMatch(/^Sends 7 GET requests, which change nothing\.\r\n/u);
      const lines = screen.slice(screen.indexOf('CATEGORY')).split('\r\n');
      for (const line of lines) expect(line.startsWith('vastai ') || line.length <= columns).toBe(true);
    },
  );
});
