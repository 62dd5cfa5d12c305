import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { withLockedContext } from './locked-context.js';

const home = useHome();
const OTHER = 65_534;

describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
  'files that root creates under the lock',
  () => {
    it('are reported once if the folder belongs to another user, even after a failure', async () => {
      mkdirSync(home.at('.config'));
      for (const folder of [home.path, home.at('.config')]) {
        chownSync(folder, OTHER, OTHER);
        chmodSync(folder, 0o755);
      }
      home.put(home.paths.settingsFile, '{}');
      home.put(home.paths.keyFile('default'), 'some-key');
      const told: string[] = [];
      const context = await home.context({}, { notify: (text) => told.push(text) });
      const work = async () => {
        throw new Error('it failed');
      };
      await expect(withLockedContext(context, work)).rejects.toThrow('it failed');
      expect(told).toEqual([
        expect.stringMatching(
          new RegExp(
            `^${home.paths.configFolder} now belongs to root, and .* cannot use it\\. Fix: chown -R `,
            'u',
          ),
        ),
      ]);
      const { notify: _, ...quiet } = context;
      expect(await withLockedContext(quiet, async () => 'done')).toBe('done');
    });

    it('are not reported if the folder belongs to root', async () => {
      const told: string[] = [];
      home.put(home.paths.settingsFile, '{}');
      const context = await home.context({}, { notify: (text) => told.push(text) });
      await withLockedContext(context, async () => {});
      expect(told).toEqual([]);
    });
  },
);
