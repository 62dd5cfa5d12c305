import { readFile, stat } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { describe as describeKeychain, it as itWithKeychain } from '@vastai-cli/testing/checkout/keychain';
import type { Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { recipe, recipeShell, standIn, verdicts } from '../../support/recipe.js';

const RENTING = [
  'POST /api/v0/bundles/',
  'PUT /api/v0/asks/5/',
  'GET /api/v0/instances/',
  'GET /api/v1/instances/',
  'GET /api/v0/instances/5/',
  'PUT /api/v0/instances/5/',
  'PUT /api/v0/instances/request_logs/5/',
  'DELETE /api/v0/instances/5/',
];
const SSH_KEYS = 'GET /api/v0/ssh/';
const MINTING = ['POST /api/v0/auth/apikeys/', 'POST /api/v0/ssh/'];

function allOf(requests: readonly string[], verdict: string) {
  return Object.fromEntries(requests.map((request) => [request, verdict]));
}

/** Follows the recipe for SkyPilot, and checks which key is where. */
async function followSkyPilot(harness: Harness, env: Record<string, string | undefined> = {}): Promise<void> {
  const { home, sandbox, vastai } = harness;
  const run = await recipeShell(harness);
  // SkyPilot knows no other place for a key than this file.
  const sky = await standIn(
    harness,
    'sky',
    `require('node:fs').readFileSync(process.env.HOME + '/${KEY_FILE}');`,
  );
  for (const line of recipe('skypilot').commands) await run(line, { env });
  expect((await sky())[0]?.argv).toEqual(['check', 'vast']);

  const scoped = sandbox.keys().find(({ name }) => name === 'skypilot');
  const key = (await home.read(KEY_FILE)) ?? '';
  expect(key).toMatch(/^[0-9a-f]{64}$/u);
  expect(key).not.toBe(sandbox.key);
  expect(await verdicts(harness, scoped?.permissions, [...RENTING, SSH_KEYS])).toEqual(
    allOf([...RENTING, SSH_KEYS], 'allow'),
  );
  expect(await verdicts(harness, scoped?.permissions, MINTING)).toEqual(allOf(MINTING, 'deny'));

  // vastai itself goes on with the first key.
  const status = await vastai(['auth', 'status', '--json'], { env });
  expect(status.json()).toMatchObject({ profile: 'me', active: { suffix: sandbox.key.slice(-4) } });
  expect((await vastai(['doctor'], { env })).status).toBe(0);
}

describe.runIf(process.platform !== 'win32').concurrent('the recipe for', () => {
  it('SkyPilot: puts a key of its own into the file', async ({ harness }) => {
    await harness.vastai(['set', 'api-key'], { input: harness.sandbox.key });
    await followSkyPilot(harness);
    expect(await harness.home.read('.config/vastai/profiles/me/vast_api_key')).toBe(harness.sandbox.key);
  });

  it('dstack: appends a key to its settings', async ({ harness }) => {
    const { home, sandbox, saveKey } = harness;
    const { commands, block } = recipe('dstack');
    const run = await recipeShell(harness);
    await standIn(harness, 'dstack');
    await saveKey();
    const file = await home.write('.dstack/server/config.yml', block('yaml'));
    for (const line of commands) await run(line);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const [project] = parse(await readFile(file, 'utf8')).projects;
    expect(project.backends).toEqual([
      { type: 'vastai', creds: { type: 'api_key', api_key: expect.stringMatching(/^[0-9a-f]{64}$/u) } },
    ]);
    const { permissions } = sandbox.keys().at(-1) ?? {};
    expect(await verdicts(harness, permissions, RENTING)).toEqual(allOf(RENTING, 'allow'));
    expect(await verdicts(harness, permissions, MINTING)).toEqual(allOf(MINTING, 'deny'));
  });
});

describeKeychain('the recipe for SkyPilot, with a keychain', () => {
  itWithKeychain('keeps the other key there', async ({ harness }) => {
    const env = { ...harness.keychain.env, VASTAI_STORAGE: undefined, VASTAI_KEYCHAIN_TIMEOUT: '30' };
    await harness.vastai(['set', 'api-key'], { input: harness.sandbox.key });
    await followSkyPilot(harness, env);
    const files = Object.entries(await harness.home.files());
    expect(files.filter(([, text]) => text.includes(harness.sandbox.key)).map(([name]) => name)).toEqual([]);
  });
});
