import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

describe.concurrent('a new user', () => {
  it('can save, use, replace and remove a key', async ({ harness }) => {
    const { vastai, sandbox, home, addKey } = harness;

    const before = await vastai(['show', 'user']);
    expect(before.status).toBe(3);
    expect(before.stderr).toContain('vastai set api-key');
    expect((await vastai(['auth', 'status'])).status).toBe(3);

    // A slip of the mouse: half of the key.
    const half = await vastai(['set', 'api-key'], { input: sandbox.key.slice(0, 32) });
    expect(half.status).toBe(4);
    expect(await home.read('.config/vastai/vast_api_key')).toBeUndefined();

    const saved = await vastai(['set', 'api-key'], { input: `${sandbox.key}\n` });
    expect(saved.stdout).toContain('you@example.com');
    expect((await vastai(['show', 'user'])).json().email).toBe('you@example.com');
    expect((await vastai(['auth', 'status'])).stdout).toContain('works: you@example.com');

    const next = await addKey({ name: 'next' });
    expect((await vastai(['set', 'api-key', next.value])).status).toBe(0);
    await vastai(['show', 'user']);
    expect(sandbox.requests.at(-1)?.authorization?.keyId).toBe(next.id);

    expect((await vastai(['unset', 'api-key', '--yes'])).status).toBe(0);
    expect((await vastai(['show', 'user'])).status).toBe(3);
  });
});
