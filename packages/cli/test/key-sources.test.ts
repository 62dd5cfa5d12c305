import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE, LEGACY_FILE } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';

const SHOW = ['show', 'user'];

describe.concurrent('the key that is sent', () => {
  it('is the first of flag, VAST_API_KEY, VAST_API_KEY_FILE, saved key and legacy file', async ({
    harness,
  }) => {
    const { vastai, sandbox, home, saveKey, addKey } = harness;
    const [flag, env, file, saved, legacy] = await Promise.all(
      ['flag', 'env', 'file', 'saved', 'legacy'].map((name) => addKey({ name })),
    );
    if (!flag || !env || !file || !saved || !legacy) throw new Error('five keys were added');
    await saveKey(saved.value);
    await home.write(LEGACY_FILE, legacy.value);
    const secret = await home.write('secret', file.value);
    const sentBy = async (args: readonly string[], variables: Record<string, string>) => {
      expect((await vastai([...SHOW, ...args], { env: variables })).status).toBe(0);
      return sandbox.requests.at(-1)?.authorization?.keyId;
    };
    const both = { VAST_API_KEY: env.value, VAST_API_KEY_FILE: secret };
    expect(await sentBy(['--api-key', flag.value], both)).toBe(flag.id);
    expect(await sentBy([], both)).toBe(env.id);
    expect(await sentBy([], { VAST_API_KEY_FILE: secret })).toBe(file.id);
    expect(await sentBy([], {})).toBe(saved.id);
    // A profile that is named by the flag is meant: its saved key comes before the variables.
    expect(await sentBy(['--profile', 'default'], both)).toBe(saved.id);
    expect(await sentBy(['--profile', 'default', '--api-key', flag.value], both)).toBe(flag.id);
    // One that is named by a variable is not.
    expect(await sentBy([], { ...both, VAST_PROFILE: 'default' })).toBe(env.id);
    // The legacy file was no use so far, and is still there.
    expect(await home.read(LEGACY_FILE)).toBe(legacy.value);
    await vastai(['unset', 'api-key', '--yes']);
    await home.write(LEGACY_FILE, legacy.value);
    expect(await sentBy([], {})).toBe(legacy.id);
  });

  it('is the next one if a variable is empty, which counts as unset', async ({ harness }) => {
    const { vastai, sandbox, saveKey } = harness;
    await saveKey();
    const empty = { VAST_API_KEY: '', VAST_API_KEY_FILE: ' ', VAST_PROFILE: '', XDG_CONFIG_HOME: '' };
    expect((await vastai(SHOW, { env: empty })).status).toBe(0);
    expect(sandbox.requests[0]?.authorization?.keyId).toBe(40);
  });

  it.for(['--api-key', 'VAST_API_KEY', 'VAST_API_KEY_FILE', 'the saved key'])(
    'is sent without surrounding whitespace: %s',
    async (place, { harness }) => {
      const { vastai, sandbox, home, saveKey } = harness;
      const padded = ` \t${sandbox.key}\r\n`;
      if (place === 'the saved key') await saveKey(padded);
      const env = {
        VAST_API_KEY: place === 'VAST_API_KEY' ? padded : undefined,
        VAST_API_KEY_FILE: place === 'VAST_API_KEY_FILE' ? await home.write('secret', padded) : undefined,
      };
      const ran = await vastai([...SHOW, ...(place === '--api-key' ? [place, padded] : [])], { env });
      expect(ran.status).toBe(0);
      expect(sandbox.requests[0]?.authorization).toEqual({ scheme: 'Bearer', keyId: 40 });
    },
  );

  it('is never replaced by another when it is rejected, and the others are named', async ({ harness }) => {
    const { vastai, sandbox, home, saveKey, unknownKey, asked } = harness;
    const place = await saveKey();
    const wrong = await unknownKey();
    const ran = await vastai(SHOW, { env: { VAST_API_KEY: wrong } });
    expect(ran.status).toBe(4);
    expect(ran.stderr).toContain(`VAST_API_KEY …${wrong.slice(-4)}`);
    expect(ran.stderr).toContain(`${place} …${sandbox.key.slice(-4)}`);
    expect(asked()).toHaveLength(1);
    const document = (await vastai([...SHOW, '--json'], { env: { VAST_API_KEY: wrong } })).json();
    expect(document.error).toMatchObject({
      code: 'key_rejected',
      status: 404,
      source: `VAST_API_KEY …${wrong.slice(-4)}`,
    });
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it('is required: without one nothing is sent', async ({ harness: { vastai, asked } }) => {
    const ran = await vastai([...SHOW, '--json']);
    expect(ran.status).toBe(3);
    expect(ran.json().error.code).toBe('no_key');
    expect(ran.json().error.hint).toContain('vastai set api-key');
    expect(asked()).toEqual([]);
  });
});

describe.concurrent('a key that cannot be used is refused without being printed', () => {
  const SECRET = '5ecret5ecret5ecret5ecret';

  it.for([
    ['an empty flag', ['--api-key', ''], {}],
    ['a flag with a space inside', ['--api-key', `${SECRET} x`], {}],
    ['a variable of several lines', [], { VAST_API_KEY: `${SECRET}\n${SECRET}` }],
    ['a variable with a control character', [], { VAST_API_KEY: `${SECRET}\u0007` }],
    ['a variable that no header can carry', [], { VAST_API_KEY: `${SECRET}é` }],
  ] as const)('%s: wrong usage', async ([, args, env], { harness }) => {
    const { vastai, saveKey, asked } = harness;
    await saveKey();
    const ran = await vastai([...SHOW, ...args], { env });
    expect(ran.status).toBe(2);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).not.toContain(SECRET);
    expect(ran.stderr).not.toMatch(/\n\s+at /);
    expect(asked()).toEqual([]);
  });

  it.for([
    ['is missing', undefined],
    ['is empty', '\n'],
    ['has several lines', `${SECRET}\n${SECRET}`],
    ['is UTF-16', Buffer.from(`\ufeff${SECRET}`, 'utf16le')],
    ['is far too long', SECRET.repeat(10_000)],
  ] as const)(
    'a file of VAST_API_KEY_FILE that %s: 9, and the saved key is not used',
    async ([, content], { harness }) => {
      const { vastai, home, saveKey, asked } = harness;
      await saveKey();
      const path = content === undefined ? home.at('nowhere') : await home.write('secret', content);
      const ran = await vastai([...SHOW, '--json'], { env: { VAST_API_KEY_FILE: path } });
      expect(ran.status).toBe(9);
      expect(ran.json().error.message).toContain(path);
      expect(ran.stdout + ran.stderr).not.toContain(SECRET);
      expect(asked()).toEqual([]);
    },
  );

  it.for([
    ['is empty', '\n'],
    ['has quotation marks', `"${SECRET}"`],
    ['is UTF-16', Buffer.from(`\ufeff${SECRET}`, 'utf16le')],
  ] as const)(
    'the advice for a VAST_API_KEY_FILE that %s is to fix that file',
    async ([, content], { harness }) => {
      const path = await harness.home.write('secret', content);
      const ran = await harness.vastai(SHOW, { env: { VAST_API_KEY_FILE: path } });
      expect(ran.stderr).toContain(
        `Correct the key in ${path}, or unset the variable that names it: unset VAST_API_KEY_FILE\n`,
      );
    },
  );
});
