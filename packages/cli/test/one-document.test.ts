import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';

interface Case {
  readonly args: readonly string[];
  /** True if the command prints a key in its document on purpose. */
  readonly printsKey?: boolean;
  /** Brings the command to failure; the default is a key that the API does not know. */
  readonly spoil?: (harness: Harness) => Promise<unknown>;
}

/** Every command that there is. */
const COMMANDS: Readonly<Record<string, Case>> = {
  'set api-key': { args: ['set', 'api-key', '-'] },
  'unset api-key': { args: ['unset', 'api-key', '--yes'], spoil: ({ home }) => home.remove() },
  'auth token': { args: ['auth', 'token'], printsKey: true, spoil: ({ home }) => home.remove() },
  'config migrate': {
    args: ['config', 'migrate'],
    spoil: ({ home }) => home.write('.config/vastai/config.json', '?'),
  },
  'show user': { args: ['show', 'user'] },
  'create api-key': { args: ['create', 'api-key', '--name', 'ci'], printsKey: true },
  'show api-keys': { args: ['show', 'api-keys'] },
  'show api-key': { args: ['show', 'api-key', '42'] },
  'delete api-key': { args: ['delete', 'api-key', '42', '--yes'] },
  'reset api-key': { args: ['reset', 'api-key', '--yes'] },
};

/** `--raw` is for what the API answers. */
const LOCAL = ['unset api-key', 'config migrate'];
const CALLS = Object.entries(COMMANDS).flatMap(([name, one]) =>
  (LOCAL.includes(name) ? ['--json'] : ['--json', '--raw']).map((flag) => [name, flag, one] as const),
);

describe.concurrent('standard output is exactly one JSON document', () => {
  it.for(CALLS)('%s %s, when all is well', async ([, flag, { args, printsKey = false }], { harness }) => {
    const { vastai, sandbox, saveKey, addKey } = harness;
    await addKey({ name: 'old' });
    await saveKey();
    const ran = await vastai([...args, flag], { input: sandbox.key, printsKey });
    expect(ran.status).toBe(0);
    // What the API says to a deletion is a string.
    expect(['object', 'string']).toContain(typeof ran.json());
    expect(ran.json()).not.toHaveProperty('error');
  });

  it.for(CALLS)('%s %s, when it fails', async ([, flag, { args, spoil }], { harness }) => {
    const { vastai, saveKey, unknownKey } = harness;
    const wrong = await unknownKey();
    await saveKey(wrong);
    await spoil?.(harness);
    const ran = await vastai([...args, flag], { input: wrong, cwd: '/' });
    expect(ran.status).not.toBe(0);
    const { error } = ran.json();
    expect(
      Object.keys(error).filter((name) => !['hint', 'advice', 'status', 'source'].includes(name)),
    ).toEqual(['code', 'message']);
    expect(ran.stderr).not.toContain('Error:');
  });

  it.for([
    [
      ['autocomplete', 'bash'],
      ['shell', 'instructions'],
    ],
    [
      ['autocomplete', 'fish'],
      ['shell', 'script'],
    ],
    [['autocomplete', '--refresh-cache'], ['written']],
    [
      ['autocomplete', 'script', 'zsh'],
      ['shell', 'script'],
    ],
    // A list of one.
    [['autocomplete', 'profiles'], ['0']],
    [['version'], ['vastai', 'node', 'system', 'shell', 'keychain', 'plugins']],
  ] as const)('%j --json, which needs no key', async ([args, fields], { harness: { vastai } }) => {
    const ran = await vastai([...args, '--json']);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(Object.keys(ran.json())).toEqual(fields);
  });

  it.for([
    ['an unknown command', ['nope', '--json']],
    ['an unknown command below a known one', ['show', 'nothing', '--raw']],
    ['an unknown flag', ['show', 'user', '--nope', '--json']],
    ['a flag without its value', ['show', 'user', '--json', '--profile']],
    ['an argument too many', ['show', 'user', '42', '--raw']],
    ['a missing flag', ['create', 'api-key', '--json']],
    ['a missing confirmation', ['reset', 'api-key', '--json']],
    ['--raw where the API is not asked', ['unset', 'api-key', '--raw']],
  ] as const)('for %s', async ([, args], { harness: { vastai, saveKey, asked } }) => {
    await saveKey();
    const ran = await vastai(args);
    expect(ran.status).toBe(2);
    expect(ran.json()).toMatchObject({ error: { code: 'usage' } });
    expect(asked()).toEqual([]);
  });
});

describe.concurrent('--raw', () => {
  it("prints the API's own responses", async ({ harness: { vastai, saveKey, addKey } }) => {
    await addKey({ name: 'old' });
    await saveKey();
    const raw = async (...args: string[]) => (await vastai([...args, '--raw'], { printsKey: true })).json();
    expect(await raw('show', 'user')).toMatchObject({ id: 123456, has_billing: true, parent_id: null });
    const { apikeys } = await raw('show', 'api-keys');
    expect(apikeys).toMatchObject([{ id: 40 }, { id: 42, user_id: 123456, key: null, rights: 'full' }]);
    expect(await raw('show', 'api-key', '42')).toEqual(apikeys[1]);
    const created = await raw('create', 'api-key', '--name', 'ci');
    expect(created).toEqual({
      success: true,
      id: 43,
      key: expect.stringMatching(/^[0-9a-f]{64}$/),
      permissions: false,
    });
  });
});
