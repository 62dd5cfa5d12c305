import { mkdirSync } from 'node:fs';
import { describeIf, it } from '@vastai-cli/testing/checkout/keychain';
import { installOfficialCli } from '@vastai-cli/testing/official-cli';
import { KEY_FILE, LEGACY_FILE } from '@vastai-cli/testing/places';
import { installed } from '@vastai-cli/testing/programs';
import { withOfficialCli } from '../support/official-on-path.js';

function lost(flag = ''): string {
  return `The official CLI and SDK no longer find the key. Run them with "vastai exec${flag} -- …", or keep a copy for them: vastai config migrate --to keychain --keep-file${flag}\n`;
}

describeIf(installed('python3'))('a key that leaves its file', () => {
  it('is no longer found by an installed official CLI or SDK, and one line says so', async ({
    harness: { vastai, home, sandbox },
    expect,
  }) => {
    const official = installOfficialCli(home.at('python'));
    mkdirSync(home.at('sdk/lib/python3.12/site-packages/vastai_sdk'), { recursive: true });
    for (const folder of [official.bin, home.at('sdk/bin')]) {
      const env = { PATH: `${folder}:${home.env.PATH}` };
      for (const file of [KEY_FILE, LEGACY_FILE]) {
        await home.write(file, sandbox.key);
        const saved = await vastai(['set', 'api-key', '--storage', 'keychain'], { env, input: sandbox.key });
        expect(saved.status).toBe(0);
        expect(saved.stderr).toContain(lost());
        await vastai(['config', 'migrate', '--to', 'file'], { env });
        const moved = await vastai(['config', 'migrate', '--to', 'keychain'], { env });
        expect(moved.stderr).toContain(lost());
        expect(await home.read(KEY_FILE)).toBeUndefined();
        const kept = await vastai(['config', 'migrate', '--to', 'keychain', '--keep-file'], { env });
        expect([kept.status, await home.read(KEY_FILE)]).toEqual([0, sandbox.key]);
      }
      await vastai(['config', 'migrate', '--to', 'file'], { env });
      const named = ['--to', 'keychain', '--profile', 'default'];
      const moved = await vastai(['config', 'migrate', ...named], { env });
      expect(moved.stderr).toContain(lost(' --profile default'));
    }
  });

  it('is not worth a word if nothing changes for them, or they are not here', async ({
    harness: { vastai, home, sandbox },
    expect,
  }) => {
    const { env } = withOfficialCli({ home });
    const input = sandbox.key;
    const runs = [
      await vastai(['set', 'api-key', '--storage', 'keychain'], { env, input }),
      await vastai(['config', 'migrate', '--to', 'file'], { env }),
      await vastai(['config', 'migrate', '--to', 'keychain', '--keep-file'], { env }),
      await vastai(['config', 'migrate', '--to', 'keychain', '--dry-run'], { env }),
      await vastai(['set', 'api-key', '--storage', 'file', '--profile', 'work'], { env, input }),
      await vastai(['config', 'migrate', '--to', 'keychain', '--profile', 'work'], { env }),
      await vastai(['config', 'migrate', '--to', 'file']),
      await vastai(['config', 'migrate', '--to', 'keychain']),
    ];
    for (const { status, stderr } of runs) {
      expect(status).toBe(0);
      expect(stderr).not.toContain('official');
    }
  });
});
