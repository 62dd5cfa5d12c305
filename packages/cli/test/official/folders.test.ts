import { chmodSync, existsSync, symlinkSync } from 'node:fs';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { it } from '@vastai-cli/testing/checkout/packed-cli';
import { installed } from '@vastai-cli/testing/programs';
import { describe } from 'vitest';
import { withOfficialCli } from '../support/official-on-path.js';
import { placePlugins, type UserPlugin } from '../support/user-plugins.js';

const CURRENT = '.local/share/vastai-cli';
const FORMER = '.local/share/vastai';
const MINE: UserPlugin = { name: 'vastai-mine', commands: ['greet'] };

describe
  .runIf(process.platform !== 'win32' && installed('python3'))
  .concurrent('the folder of plugins', () => {
    it('is not that of the official install script, whose uninstall removes it whole', async ({
      harness: { vastai, home, saveKey },
      expect,
    }) => {
      await saveKey();
      await placePlugins(home, [MINE]);
      await home.write(`${FORMER}/cli/version`, '0.5.0');
      const { env } = withOfficialCli({ home });
      expect((await vastai(['uninstall'], { env })).status).toBe(0);
      expect(existsSync(home.at(FORMER))).toBe(false);
      expect(await vastai(['greet'], { env })).toMatchObject({ status: 0, stdout: 'from vastai-mine\n' });
    });

    it('takes what earlier versions left in the official one, and nothing else', async ({
      harness: { vastai, home },
      expect,
    }) => {
      await placePlugins(home, [MINE], FORMER);
      const link = home.at('linked');
      await placePlugins(home, [{ name: 'vastai-linked', commands: ['wave'] }], 'elsewhere');
      symlinkSync(home.at('elsewhere/node_modules/vastai-linked'), link);
      const list = JSON.parse((await home.read(`${FORMER}/package.json`)) ?? '');
      list.oclif.plugins.push({ name: 'vastai-linked', type: 'link', root: link });
      await home.write(`${FORMER}/package.json`, JSON.stringify(list));
      await home.write(`${FORMER}/cli/version`, '0.5.0');
      const first = await vastai(['greet']);
      expect(first).toMatchObject({ status: 0, stdout: 'from vastai-mine\n' });
      expect(first.stderr).toBe(
        `Moved the installed plugins from ${home.at(FORMER)} to ${home.at(CURRENT)}.\n`,
      );
      expect(await vastai(['wave'])).toMatchObject({ status: 0, stdout: 'from vastai-linked\n', stderr: '' });
      expect(await vastai(['greet'])).toMatchObject({ status: 0, stderr: '' });
      const files = Object.keys(await home.files());
      expect(files.filter((file) => file.startsWith(`${FORMER}/`))).toEqual([`${FORMER}/cli/version`]);
    });

    it('takes it once if many processes start together, and finishes what one began', async ({
      harness: { vastai, home },
      expect,
    }) => {
      await placePlugins(home, [MINE], FORMER);
      // Moved before the process was killed.
      await home.write(`${CURRENT}/verified/x.tgz`, 'x');
      const runs = await Promise.all(Array.from({ length: 4 }, () => vastai(['greet'])));
      for (const ran of runs) expect(ran).toMatchObject({ status: 0, stdout: 'from vastai-mine\n' });
      expect(runs.filter(({ stderr }) => stderr.includes('Moved the installed plugins'))).toHaveLength(1);
      expect(existsSync(home.at(FORMER))).toBe(false);
    });

    it('is the former one as long as plugins cannot be moved', async ({
      harness: { vastai, home },
      expect,
    }) => {
      await placePlugins(home, [MINE], FORMER);
      // Nothing can be made in its place, not even by root.
      await home.write(CURRENT, 'a file');
      for (const args of [['greet'], ['plugins']]) {
        const ran = await vastai(args);
        expect(ran).toMatchObject({ status: 0, stdout: expect.stringContaining('vastai-mine'), stderr: '' });
      }
      chmodSync(home.at(FORMER), 0o700);
    });

    it.runIf(process.platform === 'linux')(
      'is the former one, with all that was in it, if only a part can be moved',
      async ({ harness: { vastai, home }, expect }) => {
        await placePlugins(home, [MINE], FORMER);
        await home.write(`${FORMER}/verified/x.tgz`, 'x');
        // Only who can write to a folder can move it to another one.
        chmodSync(home.at(`${FORMER}/verified`), 0o555);
        const before = await home.files();
        for (const args of [['greet'], ['plugins']]) {
          const ran = await vastai(args, { through: AS_ANYBODY });
          expect(ran).toMatchObject({
            status: 0,
            stdout: expect.stringContaining('vastai-mine'),
            stderr: '',
          });
        }
        expect(await home.files()).toMatchObject(before);
        chmodSync(home.at(`${FORMER}/verified`), 0o755);
        expect(await vastai(['greet'])).toMatchObject({ status: 0, stdout: 'from vastai-mine\n' });
        expect(existsSync(home.at(FORMER))).toBe(false);
      },
    );

    it('replaces what an installation that failed has left without a list', async ({
      harness: { vastai, home },
      expect,
    }) => {
      await placePlugins(home, [MINE], FORMER);
      await home.write(`${CURRENT}/node_modules/.package-lock.json`, '{}');
      for (const stderr of [expect.stringContaining('Moved'), ''])
        expect(await vastai(['greet'])).toMatchObject({ status: 0, stdout: 'from vastai-mine\n', stderr });
      expect(existsSync(home.at(FORMER))).toBe(false);
    });

    it('wins over the former one', async ({ harness: { vastai, home }, expect }) => {
      await placePlugins(home, [MINE], FORMER);
      await placePlugins(home, [{ name: 'vastai-new', commands: ['greet'] }]);
      expect(await vastai(['greet'])).toMatchObject({ status: 0, stdout: 'from vastai-new\n', stderr: '' });
      expect(await home.read(`${FORMER}/package.json`)).toContain('vastai-mine');
    });

    it('stays where VASTAI_DATA_DIR says', async ({ harness: { vastai, home }, expect }) => {
      await placePlugins(home, [MINE], FORMER);
      const env = { VASTAI_DATA_DIR: home.at(FORMER) };
      expect(await vastai(['greet'], { env })).toMatchObject({ status: 0, stderr: '' });
      expect(existsSync(home.at(CURRENT))).toBe(false);
    });
  });

describe.runIf(process.platform === 'linux').concurrent('the folder of caches', () => {
  it('is not that of the official CLI, and what earlier versions kept is removed or kept up to date', async ({
    harness: { vastai, home },
    expect,
  }) => {
    await home.write('.cache/vastai/compiled/old', 'code');
    await home.write('.cache/vastai/gpu_names.json', '[]');
    await home.write('.cache/vastai/autocomplete/bash_setup', 'old');
    expect((await vastai(['autocomplete', 'bash'])).status).toBe(0);
    expect(existsSync(home.at('.cache/vastai/compiled'))).toBe(false);
    expect(existsSync(home.at('.cache/vastai-cli/compiled'))).toBe(true);
    expect(await home.read('.cache/vastai/gpu_names.json')).toBe('[]');
    for (const cache of ['vastai', 'vastai-cli'])
      expect(await home.read(`.cache/${cache}/autocomplete/bash_setup`)).toContain('_vastai_autocomplete');
  });
});
