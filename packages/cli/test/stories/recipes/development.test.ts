import { chmod, mkdir } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { installed } from '@vastai-cli/testing/programs';
import { describe, expect } from 'vitest';
import {
  IN_ITS_VARIABLE,
  MONITORING,
  newestKey,
  recipe,
  recipeShell,
  standIn,
  verdicts,
  whereIs,
} from '../../support/recipe.js';

const WORK_KEY = '.config/vastai/profiles/work/vast_api_key';

/** Saves a key for the profile `work`, and makes `./deploy.sh` a program that notes its calls. */
async function withWork(harness: Harness) {
  const key = await harness.unknownKey();
  await harness.home.write(WORK_KEY, key);
  return { key, calls: await standIn(harness, 'deploy.sh', '', { path: 'deploy.sh' }) };
}

/** Installs a stand-in for Vast.ai's SDK, and returns the variables with which Python finds it. */
async function withSdk({ home }: Harness) {
  await home.write(
    'sdk/vastai/__init__.py',
    `import os

def note(key):
    with open(os.path.join(os.environ['HOME'], 'sdk.txt'), 'w') as file:
        file.write(key[-4:])

class VastAI:
    def __init__(self, api_key=None):
        # Older versions read only the key file.
        assert api_key, 'no key'
        note(api_key)

class Endpoint:
    async def request(self, route, payload):
        return {'response': route}

class Serverless:
    # Reads the variable once, when it is imported, and no other source of keys.
    def __init__(self, api_key=os.environ.get('VAST_API_KEY')):
        if not api_key:
            raise AttributeError('API key missing')
        self.api_key = api_key

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        pass

    async def get_endpoint(self, name):
        note(self.api_key)
        return Endpoint()
`,
  );
  await chmod(await home.write('bin/python', '#!/bin/sh\nexec python3 "$@"\n'), 0o755);
  return { PYTHONPATH: home.at('sdk'), PYTHONDONTWRITEBYTECODE: '1' };
}

describe.runIf(process.platform !== 'win32').concurrent('the recipe for', () => {
  it.runIf(installed('make'))('make: runs a target, or one command of it', async ({ harness }) => {
    const { commands, block } = recipe('make');
    const run = await recipeShell(harness);
    const { key, calls } = await withWork(harness);
    await harness.saveKey();
    await harness.home.write('Makefile', `${block('make')}\n${block('make', 1)}`);
    for (const line of [...commands, 'make deploy']) await run(line);
    const [first, second] = await calls();
    for (const call of [first, second]) expect(whereIs(key, call)).toEqual(IN_ITS_VARIABLE);
    await run('vastai exec -- make check-key');
    // The shell reads the variable, not make: the key is in no argument.
    expect(await run('vastai exec --mask never -- make -n check-key')).toContain('"$VAST_API_KEY"');
    expect(await run('make check-key', { status: 2 })).toContain('Run: vastai exec -- make');
  });

  it.runIf(installed('direnv'))('direnv: chooses the profile in a folder', async ({ harness }) => {
    const { commands, block } = recipe('direnv');
    const run = await recipeShell(harness);
    const { key, calls } = await withWork(harness);
    await harness.saveKey();
    await harness.home.write('.envrc', block('sh'));
    await mkdir(harness.home.at('below'));
    for (const line of commands) await run(`direnv allow . && direnv exec below ${line}`);
    expect(whereIs(key, (await calls())[0])).toEqual(IN_ITS_VARIABLE);

    await harness.home.write('.envrc', block('sh', 1));
    await run('direnv allow . && direnv exec . ./deploy.sh');
    const [, call] = await calls();
    expect(call?.env.VAST_API_KEY).toBe(key);
    expect(whereIs(key, call).argv).toEqual([]);
  });

  it.runIf(installed('python3'))('Jupyter: notebooks inherit the key', async ({ harness }) => {
    const { commands, block } = recipe('jupyter');
    const run = await recipeShell(harness);
    const env = await withSdk(harness);
    await harness.home.write('notebook.py', block('python'));
    const kernel =
      "require('node:child_process').execFileSync('python', ['notebook.py'], { stdio: 'inherit' });";
    const jupyter = await standIn(harness, 'jupyter', kernel);
    await harness.saveKey();
    for (const line of commands) await run(line, { env });
    expect(newestKey(harness)).toEqual({ name: 'notebooks', categories: MONITORING });
    const [own, scoped] = await jupyter();
    expect(whereIs(harness.sandbox.key, own)).toEqual(IN_ITS_VARIABLE);
    const key = (await harness.home.read('.config/vastai/profiles/notebooks/vast_api_key')) ?? '';
    expect(whereIs(key, scoped)).toEqual(IN_ITS_VARIABLE);
    expect(await harness.home.read('sdk.txt')).toBe(key.slice(-4));
    expect(own?.argv).toEqual(['lab']);
  });

  it.runIf(installed('python3'))('the serverless client: reads the variable', async ({ harness }) => {
    const { commands, block } = recipe('serverless');
    const run = await recipeShell(harness);
    const env = await withSdk(harness);
    await harness.home.write('predict.py', block('python'));
    await harness.saveKey();
    const { sandbox, home } = harness;
    const [withOwn = '', ...withScoped] = commands;
    await run(withOwn, { env });
    expect(await home.read('sdk.txt')).toBe(sandbox.key.slice(-4));
    for (const line of withScoped) await run(line, { env });
    const key = await home.read('.config/vastai/profiles/serverless/vast_api_key');
    expect(await home.read('sdk.txt')).toBe(key?.slice(-4));
    expect(newestKey(harness)).toEqual({ name: 'serverless', categories: ['misc'] });
    const scoped = sandbox.keys().at(-1);
    const find = 'GET /api/v0/endptjobs/';
    expect(await verdicts(harness, scoped?.permissions, [find])).toEqual({ [find]: 'allow' });
    await run('python predict.py 2>/dev/null', { env, status: 1 });
  });
});
