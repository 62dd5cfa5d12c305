import { mkdirSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { it } from '@vastai-cli/testing/checkout/cli';
import { PACKED_BIN } from '@vastai-cli/testing/checkout/paths';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe } from 'vitest';
import { withOfficialCli } from '../support/official-on-path.js';

/** Puts this CLI and a program that may be the official one on PATH. The program ends with 99 where it would go on forever. */
function withCaller({ home }: Harness, line: string) {
  const [ours, theirs, runs] = [home.at('ours'), home.at('theirs/vastai'), home.at('runs')];
  mkdirSync(ours);
  symlinkSync(PACKED_BIN, `${ours}/vastai`);
  const script = `#!/bin/sh
# python vastai
echo once >> ${runs}
[ "$(wc -l < ${runs})" -gt 3 ] && exit 99
${line}
`;
  home.put(theirs, script, 0o755);
  const PATH = [ours, dirname(theirs), dirname(process.execPath), '/usr/bin', '/bin'].join(':');
  return { ours: `${ours}/vastai`, theirs, env: { PATH } };
}

describe.runIf(process.platform !== 'win32').concurrent('a program that calls us back', () => {
  it.for([
    'exec vastai "$@"',
    'vastai "$@"',
    'exec env vastai "$@"',
    'exec vastai --profile default "$@" --raw',
    'exec vastai official -- "$@"',
    'exec vastai exec -- vastai "$@"',
  ])('is started once, and both are named: %s', async (line, { harness, expect }) => {
    const { ours, theirs, env } = withCaller(harness, line);
    await harness.saveKey();
    const ran = await harness.vastai(['search', 'offers'], { env });
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain(`${ours} passed this command to ${theirs}, which passed it back.`);
    expect(await harness.home.read('runs')).toBe('once\n');
  });

  it.runIf(process.platform === 'linux').for([
    ['exec env -i HOME="$HOME" PATH="$PATH" vastai "$@"', 'search offers'],
    ['env -u VASTAI_HANDED_OVER vastai --no-color "$@"', 'search offers --limit 3'],
    ['exec env -u VASTAI_HANDED_OVER vastai official -- "$@"', 'official -- show user'],
    ['exec env -u VASTAI_HANDED_OVER vastai exec -- vastai "$@"', 'frobnicate'],
    ['exec env -u VASTAI_HANDED_OVER vastai official', 'official'],
  ] as const)('is started once where it removes our mark: %s', async ([line, typed], { harness, expect }) => {
    const { ours, theirs, env } = withCaller(harness, line);
    await harness.saveKey();
    for (const more of [{}, { VASTAI_DEBUG: '1' }]) {
      const ran = await harness.vastai(typed.split(' '), { env: { ...env, ...more } });
      expect(ran).toMatchObject({ status: 2, stdout: '' });
      expect(ran.stderr).toContain(`${ours} passed this command to ${theirs}, which passed it back.`);
    }
    expect(await harness.home.read('runs')).toBe('once\nonce\n');
  });

  it('can run our commands', async ({ harness, expect }) => {
    const { env } = withCaller(harness, 'exec vastai --version');
    await harness.saveKey();
    const ran = await harness.vastai(['search', 'offers'], { env });
    expect(ran).toMatchObject({ status: 0, stdout: expect.stringContaining('vastai-cli/') });
  });

  it('is not stopped inside exec, whose program may run any command', async ({ harness, expect }) => {
    const { official, env } = withOfficialCli(harness);
    const { ours } = withCaller(harness, 'exit 98');
    await harness.saveKey();
    const again = ['exec', '--', ours, 'exec', '--', ours, 'search', 'offers'];
    const ran = await harness.vastai(again, { env });
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(await official.calls()).toHaveLength(1);
  });
});
