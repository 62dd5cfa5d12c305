import { chmod } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { installed } from '@vastai-cli/testing/programs';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe, expect } from 'vitest';
import { parse } from 'yaml';
import { recipe, standIn } from '../../support/recipe.js';
import { shellOf } from '../../support/shell.js';

const MAKER = { api: { user_read: {}, user_write: {} } };
const live = ({ sandbox }: Harness) =>
  sandbox.keys().filter(({ kind, revoked }) => kind === 'user' && !revoked);

describe.runIf(process.platform !== 'win32').concurrent('the recipe for rotation', () => {
  it('with cron: replaces the saved key, and deletes the old one a week later', async ({ harness }) => {
    const { home, saveKey, addKey } = harness;
    const { value } = await addKey({ name: 'laptop', permissions: MAKER });
    await saveKey(value);
    const shell = await shellOf(harness);
    const [, ...jobs] = recipe('rotation').block('crontab').trimEnd().split('\n');
    const [rotate = '', finish = ''] = jobs.map((job) => /^(?:[\d*,/-]+ +){5}([^%]+)$/u.exec(job)?.[1] ?? '');
    for (let month = 0; month < 2; month += 1) {
      expect(await shell(rotate)).toMatchObject({ status: 0 });
      expect(live(harness)).toHaveLength(2);
      expect(await shell(finish)).toMatchObject({ status: 0 });
      expect(live(harness)).toHaveLength(1);
      await recordKey((await home.read(KEY_FILE)) ?? '');
    }
    expect(live(harness)[0]?.name).toMatch(/^laptop ~[a-z0-9]{4}$/u);
    expect(await shell('vastai doctor --json | grep -c rotation')).toMatchObject({ output: '0\n' });
  });

  it.runIf(installed('jq'))(
    'with GitHub Actions: replaces the secret, then deletes the old key',
    async ({ harness }) => {
      const { home, sandbox, addKey } = harness;
      await addKey({ name: 'ci-other' });
      await addKey({ name: 'ci', permissions: { api: { misc: {} } } });
      const gh = await standIn(harness, 'gh', '', { reads: true });
      await standIn(harness, 'npm');
      const shell = await shellOf(harness);
      const { jobs, permissions } = parse(recipe('rotation').block('yaml'));
      expect(permissions).toEqual({});
      // The checkout has every plugin; a runner has none.
      expect(jobs.rotate.steps[0].run).toContain('vastai plugins install keys');
      const { run } = jobs.rotate.steps[1];
      const script = await home.write('step.sh', run);
      const env = { VAST_API_KEY: sandbox.key, GH_TOKEN: 'token', GITHUB_REPOSITORY: 'you/yours' };
      for (let month = 1; month <= 2; month += 1) {
        expect(await shell(`exec bash -e '${script}'`, { env })).toMatchObject({ status: 0 });
        const call = (await gh()).at(-1);
        await recordKey(call?.input ?? '');
        expect(call?.argv.join(' ')).toBe('secret set VAST_API_KEY --repo you/yours');
        expect(call?.input).toMatch(/^[0-9a-f]{64}$/u);
        expect(live(harness).map(({ name }) => name)).toEqual(['ci-other', expect.stringMatching(/^ci ~/u)]);
        expect(live(harness)[1]?.permissions).toEqual({ api: { misc: {} } });
      }

      // A secret that could not be set keeps the old key alive.
      await chmod(await home.write('bin/gh', '#!/bin/sh\nexit 1\n'), 0o755);
      const kept = live(harness)[1]?.id;
      expect((await shell(`exec bash -e '${script}'`, { env })).status).not.toBe(0);
      expect(live(harness).map(({ id }) => id)).toContain(kept);
    },
  );
});
