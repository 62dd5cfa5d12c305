import { chmodSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { it } from '@vastai-cli/testing/checkout/cli';
import { cliRoot, PACKED_BIN } from '@vastai-cli/testing/checkout/paths';
import { installOfficialCli, OFFICIAL_VERSION } from '@vastai-cli/testing/official-cli';
import { installed } from '@vastai-cli/testing/programs';
import { describe } from 'vitest';
import { doctor } from '../support/doctor.js';

const { version } = JSON.parse(readFileSync(`${cliRoot}/package.json`, 'utf8'));

describe.runIf(process.platform !== 'win32' && installed('python3')).concurrent('doctor', () => {
  it('lists every vastai on PATH in order, and says which one wins', async ({ harness, expect }) => {
    const { vastai, home, sandbox } = harness;
    const official = installOfficialCli(home.at('python'));
    const shimmed = installOfficialCli(home.at('pyenv/versions/3.12.1'));
    mkdirSync(home.at('ours'));
    symlinkSync(PACKED_BIN, home.at('ours/vastai'));
    home.put(home.at('other/vastai'), '#!/bin/sh\n', 0o755);
    home.put(home.at('pyenv/shims/vastai'), '#!/bin/sh\n', 0o755);
    const folders = [
      official.bin,
      home.at('ours'),
      home.at('pyenv/shims'),
      home.at('other'),
      home.at('none'),
      `${official.bin}/`,
      `${home.path}/./ours`,
    ];
    const env = { PATH: folders.join(':'), VAST_API_KEY: sandbox.key };
    const { checks, status } = await doctor(vastai, env);
    const listed = checks.filter(({ check }: { check: string }) => check === 'path');
    expect(listed.map(({ message }: { message: string }) => message)).toEqual([
      `${official.path}: the official CLI ${OFFICIAL_VERSION}, started by "vastai"`,
      `${home.at('ours/vastai')}: this CLI ${version}`,
      `${home.at('pyenv/shims/vastai')}: the official CLI ${OFFICIAL_VERSION}, which starts ${shimmed.path}`,
      `${home.at('other/vastai')}: not recognised`,
      `"vastai" starts ${official.path}, not this CLI.`,
    ]);
    expect(listed.at(-1)?.fix).toBe(
      `To start this CLI instead: export PATH=${home.at('ours')}:"$PATH"\nTo call it by another name: alias vkeys=${home.at('ours/vastai')}`,
    );
    expect(status).toBe(0);
    for (const PATH of [`${home.at('ours')}:${official.bin}`, official.bin]) {
      const other = await doctor(vastai, { ...env, PATH });
      expect(JSON.stringify(other.checks)).not.toContain('alias');
    }
    expect(await official.calls()).toEqual([]);
  });

  it('reports an official CLI that commands do not start', async ({ harness, expect }) => {
    const { vastai, home, sandbox } = harness;
    const official = installOfficialCli(home.at('python'));
    mkdirSync(home.at('ours'));
    symlinkSync(PACKED_BIN, home.at('ours/vastai'));
    for (const version of ['3.11.0', '3.12.0']) installOfficialCli(home.at('pyenv/versions', version));
    home.put(home.at('pyenv/shims/vastai'), '#!/bin/sh\n', 0o755);
    for (const [env, message] of [
      [{ VASTAI_OFFICIAL_CLI: home.at('nowhere') }, 'VASTAI_OFFICIAL_CLI is not a program'],
      [{ VASTAI_OFFICIAL_CLI: 'python/bin/vastai' }, 'VASTAI_OFFICIAL_CLI is not a program'],
      [
        { VASTAI_OFFICIAL_CLI: home.at('ours/vastai') },
        'VASTAI_OFFICIAL_CLI is this CLI, not the official one',
      ],
      [{ PATH: home.at('pyenv/shims') }, 'can start several versions'],
    ] as const) {
      const all = { PATH: official.bin, VAST_API_KEY: sandbox.key, ...env };
      const { checks, problems, status } = await doctor(vastai, all);
      expect(problems).toMatchObject([{ check: 'path', message: expect.stringContaining(message) }]);
      expect(JSON.stringify(checks)).not.toContain('the official CLI, from VASTAI');
      expect(status).toBe(10);
      const ran = await vastai(['search', 'offers'], { env: all });
      expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining(problems[0]?.message ?? '-') });
    }
  });

  it('reports an official CLI that others can change', async ({ harness, expect }) => {
    const { vastai, home, sandbox } = harness;
    const official = installOfficialCli(home.at('python'));
    chmodSync(official.path, 0o777);
    for (const env of [{ PATH: official.bin }, { PATH: '', VASTAI_OFFICIAL_CLI: official.path }]) {
      const { problems, status } = await doctor(vastai, { ...env, VAST_API_KEY: sandbox.key });
      expect(problems).toMatchObject([
        {
          check: 'path',
          message: expect.stringContaining(official.path),
          fix: expect.stringContaining('chmod go-w'),
        },
      ]);
      expect(status).toBe(10);
    }
  });
});
