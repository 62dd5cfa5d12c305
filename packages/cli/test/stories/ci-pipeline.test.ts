import { it } from '@vastai-cli/testing/checkout/cli';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe, expect } from 'vitest';

describe.concurrent('a pipeline', () => {
  it('creates its own key, uses it, and deletes it', async ({ harness }) => {
    const { vastai, sandbox, home, asked } = harness;
    const admin = { VAST_API_KEY: sandbox.key };

    // vastai create api-key --name ci --permission_file perms.json | vastai set api-key --profile ci
    await home.write('perms.json', '{"api":{"user_read":{}}}');
    const create = ['create', 'api-key', '--name', 'ci', '--permission_file', 'perms.json'];
    const created = await vastai(create, { env: admin, printsKey: true });
    await recordKey(created.stdout.trim());
    const saved = await vastai(['set', 'api-key', '--profile', 'ci', '--json'], { input: created.stdout });
    expect(saved.json()).toMatchObject({ profile: 'ci', verified: 'verified' });

    // What the file grants works, what it does not is refused, and the refusal tells why.
    const ci = { VAST_PROFILE: 'ci' };
    expect((await vastai(['show', 'user', '--json'], { env: ci })).json().key_id).toBe(42);
    const refused = await vastai(['delete', 'api-key', '42', '--yes', '--json'], { env: ci });
    expect(refused.status).toBe(5);
    expect(refused.json().error).toMatchObject({ code: 'forbidden' });
    expect(refused.json().error.hint).toContain('user_write');

    // The key is taken back by its name, and no longer works.
    const keys = (await vastai(['show', 'api-keys', '--json'], { env: admin })).json();
    const id = keys.find(({ name }: { name: string }) => name === 'ci').id;
    const deleted = await vastai(['delete', 'api-key', String(id), '--yes', '--json'], { env: admin });
    expect(deleted.json()).toEqual({ deleted: [42], absent: [], failed: [] });
    const after = await vastai(['show', 'user', '--json'], { env: ci });
    expect(after.status).toBe(4);
    expect(after.json().error.source).toContain('profiles');
    expect(asked()).toHaveLength(7);
  });

  it('leaves no trace in the home when the key comes from a variable', async ({ harness }) => {
    const { vastai, sandbox, home } = harness;
    const env = { VAST_API_KEY: sandbox.key };
    for (const args of [
      ['show', 'user'],
      ['show', 'api-keys'],
      ['auth', 'status'],
    ])
      expect((await vastai(args, { env })).status).toBe(0);
    expect(await home.read('.config/vastai/config.json')).toBeUndefined();
    expect(await home.read('.config/vastai/vast_api_key')).toBeUndefined();
  });
});
