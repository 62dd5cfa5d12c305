import { it } from '@vastai-cli/testing/checkout/cli';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe, expect } from 'vitest';

/** A permission file of Vast.ai's permissions page. */
const PERMISSIONS = { api: { misc: {}, user_read: {}, instance_read: {}, instance_write: {} } };

/** Vast.ai's CLI authentication page, from its first command to its last, typed as it stands there. */
describe.concurrent('the CLI authentication page', () => {
  it('works as written', async ({ harness }) => {
    const { vastai, sandbox, home, addKey } = harness;

    // “Set Your API Key”
    expect((await vastai(['set', 'api-key', sandbox.key])).status).toBe(0);
    expect(await home.read('.config/vastai/vast_api_key')).toBe(sandbox.key);

    // “The environment variable takes precedence over the file if both are set.”
    const other = await addKey({ name: 'from a secret manager' });
    await vastai(['show', 'user'], { env: { VAST_API_KEY: other.value } });
    expect(sandbox.requests.at(-1)?.authorization?.keyId).toBe(other.id);

    // “Verify Your Key”
    const user = await vastai(['show', 'user']);
    expect(user.status).toBe(0);
    expect(user.json()).toMatchObject({ id: 123456, email: 'you@example.com', credit: 25 });
    expect(user.json().ssh_key).toMatch(/^ssh-rsa AAAAB3/);

    // “Create an API Key”
    const created = await vastai(['create', 'api-key', '--name', 'ci-deploy-key'], { printsKey: true });
    expect(created.status).toBe(0);
    expect(created.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    await recordKey(created.stdout.trim());

    await home.write('perms.json', JSON.stringify(PERMISSIONS));
    const spellings = ['--permission_file', '--permission-file'];
    for (const flag of spellings) {
      const args = ['create', 'api-key', '--name', 'ci-deploy-key', flag, 'perms.json'];
      const scoped = await vastai(args, { printsKey: true });
      expect(scoped.status).toBe(0);
      await recordKey(scoped.stdout.trim());
      expect(sandbox.requests.at(-1)?.body).toEqual({ name: 'ci-deploy-key', permissions: PERMISSIONS });
    }

    // “View and Delete Keys”
    const keys = await vastai(['show', 'api-keys']);
    expect(keys.status).toBe(0);
    expect(keys.stdout.match(/^\d+ +ci-deploy-key /gm)).toHaveLength(3);
    expect(keys.stdout).not.toContain(created.stdout.trim());

    const one = await vastai(['show', 'api-key', '42']);
    expect(one.json()).toMatchObject({ id: 42, name: 'from a secret manager', permissions: null });

    expect((await vastai(['delete', 'api-key', '42', '--yes'])).status).toBe(0);
    expect((await vastai(['show', 'api-key', '42'])).status).toBe(6);
    const gone = await vastai(['show', 'user'], { env: { VAST_API_KEY: other.value } });
    expect(gone.status).toBe(4);

    // One request for each command, but where the page of one key is gone and the list was asked.
    expect(harness.asked()).toEqual([
      'GET /api/v0/users/current/',
      'GET /api/v0/users/current/',
      'GET /api/v0/users/current/',
      'POST /api/v0/auth/apikeys/',
      'POST /api/v0/auth/apikeys/',
      'POST /api/v0/auth/apikeys/',
      'GET /api/v0/auth/apikeys/',
      'GET /api/v0/auth/apikeys/42/',
      'DELETE /api/v0/auth/apikeys/42/',
      'GET /api/v0/auth/apikeys/42/',
      'GET /api/v0/auth/apikeys/',
      'GET /api/v0/users/current/',
    ]);
  });

  it('finds the key in XDG_CONFIG_HOME', async ({ harness: { vastai, sandbox, home } }) => {
    const env = { XDG_CONFIG_HOME: home.at('settings') };
    await vastai(['set', 'api-key', sandbox.key], { env });
    expect(await home.read('settings/vastai/vast_api_key')).toBe(sandbox.key);
    expect((await vastai(['show', 'user'], { env })).status).toBe(0);
    expect((await vastai(['show', 'user'])).status).toBe(3);
  });

  it('names the common causes of an authentication error', async ({ harness }) => {
    const { vastai, sandbox, addKey } = harness;
    const typo = `${sandbox.key.slice(0, -1)}x`;
    const scoped = await addKey({ name: 'scoped', permissions: { api: { misc: {} } } });
    const mistyped = await vastai(['show', 'user', '--api-key', typo]);
    expect(mistyped.status).toBe(4);
    expect(mistyped.stderr).toContain('typo');
    const lacking = await vastai(['show', 'user', '--api-key', scoped.value]);
    expect(lacking.status).toBe(5);
    expect(lacking.stderr).toContain('user_read');
  });
});

describe.skipIf(!canOpenTerminal())(
  'the CLI authentication page, on a terminal',
  { concurrent: true },
  () => {
    it('deletes a key as written, after a question', async ({ harness }) => {
      const { onTerminal, sandbox, saveKey, addKey } = harness;
      await addKey({ name: 'ci-deploy-key' });
      await saveKey();
      const terminal = onTerminal(['delete', 'api-key', '42']);
      await terminal.see('Delete API key 42 "ci-deploy-key"?');
      terminal.type('y\r');
      expect((await terminal.ended).status).toBe(0);
      expect(sandbox.keys().find(({ id }) => id === 42)?.revoked).toBe(true);
    });
  },
);
