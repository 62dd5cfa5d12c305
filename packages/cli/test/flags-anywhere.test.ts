import { readFileSync } from 'node:fs';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { createHarness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';
import { placePlugins } from './support/user-plugins.js';

interface Flag {
  readonly name: string;
  readonly type: 'boolean' | 'option';
  readonly helpGroup?: string;
}

interface Command {
  readonly id: string;
  readonly pluginType: string;
  readonly flags: Readonly<Record<string, Flag>>;
}

/** The arguments that take each command as far as it can get. */
const MORE: Readonly<Record<string, readonly string[]>> = {
  'create:api-key': ['--name', 'ci'],
  'delete:api-key': ['42', '--yes'],
  'permissions:check': ['perms.json', '--operation', 'instance.show'],
  'permissions:diff': ['perms.json', 'perms.json'],
  'permissions:explain': ['perms.json'],
  'permissions:fix': ['perms.json', '--yes'],
  'permissions:init': ['new.json'],
  'permissions:suggest': ['--operation', 'instance.show'],
  'permissions:test': ['perms.json'],
  'permissions:validate': ['perms.json'],
  'profile:remove': ['none', '--yes'],
  'profile:use': ['none'],
  'reset:api-key': ['--yes'],
  'set:api-key': ['--no-verify', '-'],
  'show:api-key': ['42'],
  'unset:api-key': ['--yes'],
};

const VALUES: Readonly<Record<string, string>> = { profile: 'show', retry: '0', timeout: '5' };

const commands = Object.values(
  (
    JSON.parse(readFileSync(new URL('../oclif.manifest.json', import.meta.url), 'utf8')) as {
      commands: Readonly<Record<string, Command>>;
    }
  ).commands,
);
const cases = commands.map((command) => ({ command, name: command.id.replaceAll(':', ' ') }));

/** Every flag that commands share, but for those that a test needs otherwise. */
function globalFlags({ flags }: Command): [joined: string[], apart: string[]] {
  const shared = Object.values(flags).filter(
    ({ name, helpGroup }) => helpGroup && !['url', 'api-key', 'raw'].includes(name),
  );
  const words = shared.map(({ name, type }) =>
    type === 'boolean' ? [`--${name}`] : [`--${name}`, VALUES[name] ?? ''],
  );
  return [words.map((one) => one.join('=')), words.flat()];
}

/** Does a run in a home of its own, and tells what came of it, without what differs from run to run. */
async function outcomeOf(args: readonly string[]) {
  const harness = await createHarness(BIN);
  try {
    await harness.addKey({ name: 'old' });
    await harness.home.write('perms.json', '{ "api": { "instance_read": {}, "misc": {} } }');
    const input = args.includes('-') ? harness.sandbox.key : '';
    const ran = await harness.vastai(args, {
      env: { VAST_API_KEY: harness.sandbox.key },
      input,
      printsKey: true,
    });
    const lasting = (text: string) =>
      text
        .replaceAll(harness.home.path, 'HOME')
        .replaceAll(harness.sandbox.url, 'URL')
        .replace(/[0-9a-f]{64}|[0-9a-f]{32}|…[0-9a-f]{4}|(?<="suffix": ")[0-9a-f]{4}/gu, 'KEY')
        .replace(/date: .*/gu, 'date: NOW')
        .replace(/\d+ ms|\b\d{3,}(?:\.\d+)?\b/gu, 'N');
    const { status, stdout, stderr } = ran;
    return { status, stdout: lasting(stdout), stderr: lasting(stderr), asked: harness.asked() };
  } finally {
    await harness.close();
  }
}

describe('the flags that commands share', () => {
  it.for(cases)('do the same in front of, between and behind the words of $name', async ({ command }) => {
    const [first = '', ...others] = command.id.split(':');
    const more = MORE[command.id] ?? [];
    const [joined, apart] = globalFlags(command);
    const underscored = apart.map((word) => word.replace(/(?<=\w)-/gu, '_'));
    const [ordinary, ...outcomes] = await Promise.all(
      [
        [first, ...others, ...more, ...apart],
        [...apart, first, ...others, ...more],
        [...joined, first, ...others, ...more],
        [first, ...underscored, ...others, ...more],
      ].map(outcomeOf),
    );
    for (const outcome of outcomes) expect(outcome).toEqual(ordinary);
    const said = `${ordinary?.stdout}${ordinary?.stderr}`;
    expect(said).not.toMatch(/USAGE|nknown flag|too many|no such|not a complete/u);
  });
});

describe.concurrent('a flag between the words of a command', () => {
  it('leaves a new key alone on standard output', async ({ harness: { vastai, saveKey } }) => {
    await saveKey();
    const ran = await vastai(['create', '--name', 'ci', 'api-key'], { printsKey: true });
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^[0-9a-f]{64}\n$/u);
  });

  it.for([
    [['delete', '--yes', 'api-key', '42']],
    [['delete', '-y', 'api-key', '42']],
    [['-y', 'delete', 'api_key', '42']],
    [['delete', 'api-key', '42', '-y']],
    [['--yes', 'delete', '--retry', '0', 'api-key', '--', '42']],
  ] as const)('%j deletes the key', async ([args], { harness: { vastai, saveKey, addKey, asked } }) => {
    await addKey({ name: 'old' });
    await saveKey();
    const ran = await vastai(args);
    expect(ran.stdout).toContain('Deleted API key 42');
    expect(ran.status).toBe(0);
    expect(asked()).toContain('DELETE /api/v0/auth/apikeys/42/');
  });

  it('can have a value that is the word of a command', async ({ harness: { vastai, saveKey, sandbox } }) => {
    await saveKey();
    const ran = await vastai(['--name', 'delete', 'create', 'api-key'], { printsKey: true });
    expect(ran.status).toBe(0);
    expect(sandbox.requests.at(-1)?.body).toMatchObject({ name: 'delete' });
  });

  it.for([
    [['--help', 'show', 'user']],
    [['show', '--help', 'user']],
    [['-h', 'show', 'user']],
    [['--profile', 'work', 'show', 'user', '-h']],
    [['help', 'show', 'user']],
    [['--json', 'help', '--profile', 'work', 'show', 'user']],
  ] as const)('%j shows the help of that command', async ([args], { harness: { vastai } }) => {
    const ran = await vastai(args);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain('$ vastai show user');
  });

  it('is understood for a plugin of somebody else', async ({ harness: { vastai, home } }) => {
    await placePlugins(home, [{ name: 'vastai-other', commands: ['show:other'] }]);
    expect((await vastai(['show', '--json', 'other'])).stdout).toBe('from vastai-other\n');
  });

  it("is understood for oclif's own commands", async ({ harness: { vastai } }) => {
    const [before, behind] = await Promise.all([
      vastai(['--json', 'plugins']),
      vastai(['plugins', '--json']),
    ]);
    expect(before.json()).toEqual(behind.json());
  });

  it.for([
    [['--nope', 'show', 'user'], 'Unknown flag: --nope.'],
    [['--profle', 'work', 'show', 'user'], 'Did you mean: --profile'],
    [['show', '--profle', 'work', 'user'], 'Did you mean: --profile'],
    [['show', 'user', '--profle=work'], 'Did you mean: --profile'],
    [['--permission_file', 'perms.json', 'show', 'user'], 'Unknown flag: --permission_file.'],
    [['--profile', 'a', 'show', 'user', '--profile', 'b'], '--profile can only be specified once'],
    [['--retry=many', 'show', 'user'], '--retry must be a whole number'],
  ] as const)('%j is wrong: %s', async ([args, message], { harness: { vastai, asked } }) => {
    const [plain, json] = await Promise.all([vastai(args), vastai(['--json', ...args])]);
    expect(plain).toMatchObject({ status: 2, stdout: '' });
    expect(plain.stderr).toContain(message);
    expect(json).toMatchObject({ status: 2, stderr: '' });
    expect(JSON.stringify(json.json())).toContain(message);
    expect(asked()).toEqual([]);
  });
});

describe.concurrent('words that are no whole command', () => {
  it.for([
    [['delete'], '\n  vastai delete api-key\n'],
    [['set'], 'Did you mean: vastai set api-key'],
    [['create', '--name', 'ci'], '\n  vastai create api-key\n'],
    [['invite'], 'Did you mean: vastai invite member'],
    [['remove'], '\n  vastai remove team-role\n'],
    [['--yes', 'reset'], 'Did you mean: vastai reset api-key'],
    [['show'], '\n  vastai show user\n'],
    [['permissions'], '\n  vastai permissions validate\n'],
    [['show', '--', 'user'], '\n  vastai show user\n'],
    [['--profile', 'work'], 'No command given.'],
    [['--', 'show', 'user'], 'No command given.'],
    [['--profile'], 'No command given.'],
    [['show', 'api_kyes'], 'Did you mean: vastai show api-keys'],
    [[''], 'Unknown command.'],
    [['help', 'show', 'usr'], 'Did you mean: vastai show user'],
    [['sho', 'user', '--help'], 'Did you mean: vastai show user'],
    [['help', 'nothing-known'], 'See: vastai help'],
  ] as const)('%j are wrong usage, with nothing on standard output', async ([args, hint], { harness }) => {
    const plain = await harness.vastai(args);
    expect(plain).toMatchObject({ status: 2, stdout: '' });
    expect(plain.stderr).toContain(hint);
    const json = await harness.vastai(['--json', ...args]);
    expect(json).toMatchObject({ status: 2, stderr: '' });
    expect(json.json()).toMatchObject({ error: { code: 'usage' } });
  });

  it('are a request for help when help is asked for', async ({ harness: { vastai } }) => {
    for (const args of [[], ['--profile', 'work', '--help'], ['show', '--help'], ['help', 'show']]) {
      const ran = await vastai(args);
      expect(ran.status).toBe(0);
      expect(ran.stdout).toContain('USAGE');
    }
  });
});
