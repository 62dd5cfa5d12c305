import { execFileSync } from 'node:child_process';
import { chmodSync, lchownSync, mkdirSync, readFileSync, renameSync, symlinkSync } from 'node:fs';
import { dirname } from 'node:path';
import { it } from '@vastai-cli/testing/checkout/cli';
import { PACKED_BIN } from '@vastai-cli/testing/checkout/paths';
import type { Harness } from '@vastai-cli/testing/harness';
import { installOfficialCli, pythonPath } from '@vastai-cli/testing/official-cli';
import { installed } from '@vastai-cli/testing/programs';
import { describe } from 'vitest';

const isRoot = process.geteuid?.() === 0;

/** Puts a link to a program into a folder of its own, and returns the folder. */
function linkTo(program: string, folder: string): string {
  mkdirSync(folder, { recursive: true });
  symlinkSync(program, `${folder}/vastai`);
  return folder;
}

/** The folders of Node and the shell. */
const OTHER_FOLDERS = [dirname(process.execPath), '/usr/bin', '/bin'];

/** Runs a command of the official CLI with these folders in front on PATH. */
async function search(harness: Harness, folders: readonly string[], env: Record<string, string> = {}) {
  await harness.saveKey();
  const PATH = [...folders, ...OTHER_FOLDERS].join(':');
  return harness.vastai(['search', 'offers'], { env: { PATH, ...env } });
}

const NOT_INSTALLED = /which is not installed, or not on PATH/;

describe.runIf(process.platform !== 'win32' && installed('python3')).concurrent('the official CLI', () => {
  it('is found among other copies of this CLI, in any order and through links', async ({
    harness,
    expect,
  }) => {
    const { home } = harness;
    const official = installOfficialCli(home.at('python'));
    const folders = [
      linkTo(PACKED_BIN, home.at('ours')),
      linkTo(home.at('ours/vastai'), home.at('ours-again')),
      linkTo(official.path, home.at('theirs')),
    ];
    // A copy in another place, as npm installs it.
    home.put(home.at('other/node_modules/vastai-cli/package.json'), '{"name":"vastai-cli"}');
    home.put(
      home.at('other/node_modules/vastai-cli/bin/run.js'),
      '#!/usr/bin/env node\n// no python, vastai\n',
      0o755,
    );
    folders.push(linkTo(home.at('other/node_modules/vastai-cli/bin/run.js'), home.at('other/bin')));
    for (const order of [folders, [...folders].reverse()]) {
      const ran = await search(harness, order);
      expect(ran).toMatchObject({ status: 0, stderr: '' });
    }
    expect(await official.calls()).toHaveLength(2);
  });

  it('is recognised by its first bytes and never run to find out', async ({ harness, expect }) => {
    const { home } = harness;
    const cases: [string, string | Buffer, boolean][] = [
      [
        'long-path',
        `#!/bin/sh\n'''exec' "/a/very/long/path/bin/python3" "$0" "$@"\n' '''\nfrom vastai import x`,
        true,
      ],
      ['wrapper', '#!/bin/sh\nexec python3 -m vastai "$@"\n', true],
      // The user of Docker's image of Node has this home.
      ['home-of-node', '#!/home/node/venv/bin/python\nfrom vastai import x', true],
      ['joined', '#!/usr/bin/env -Spython3 -I\nfrom vastai import x', true],
      ['folder-node', '#!/srv/node-tools/venv/bin/python\nfrom vastai import x', true],
      ['other-python', '#!/usr/bin/python3\nprint("something else")\n', false],
      ['late', `#!/usr/bin/python3\n${'#'.repeat(5000)}\nimport vastai\n`, false],
      ['node', '#!/usr/bin/env node\n// python vastai\n', false],
      ['node-flags', '#!/usr/bin/env -S node --no-warnings\n// python vastai\n', false],
      ['nodejs', '#!/usr/bin/nodejs\n// python vastai\n', false],
      ['binary', Buffer.from('\x7fELF python vastai'), false],
      ['empty', '', false],
    ];
    for (const [name, content, isOfficial] of cases) {
      const folder = home.at(name);
      home.put(`${folder}/vastai`, content, 0o755);
      const ran = await harness.vastai(['search', 'offers'], { env: { PATH: folder } });
      // Without a key nothing is started.
      expect(ran.status).toBe(isOfficial ? 3 : 2);
      if (!isOfficial) expect(ran.stderr).toContain(`export VASTAI_OFFICIAL_CLI=${folder}/vastai`);
    }
  });

  it('is not our program alone, copied or as a hard link', async ({ harness, expect }) => {
    const { home } = harness;
    const official = installOfficialCli(home.at('python'));
    home.put(home.at('copied/vastai'), readFileSync(PACKED_BIN), 0o755);
    const ran = await search(harness, [home.at('copied'), official.bin]);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    const alone = await search(harness, [home.at('copied')]);
    expect(alone.stderr).not.toContain('was not recognised');
    const named = await search(harness, [], { VASTAI_OFFICIAL_CLI: home.at('copied/vastai') });
    expect(named).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('VASTAI_OFFICIAL_CLI is this CLI'),
    });
    expect(await official.calls()).toHaveLength(1);
  });

  it('is not a folder, a file that cannot be run, a pipe, a device, or a broken link', async ({
    harness,
    expect,
  }) => {
    const { home } = harness;
    const official = installOfficialCli(home.at('python'));
    home.put(home.at('text/vastai'), '#!/usr/bin/python3\nimport vastai\n', 0o644);
    const folders = [home.at('text'), linkTo(home.at('nowhere'), home.at('broken')), home.at('missing')];
    mkdirSync(home.at('folder/vastai'), { recursive: true });
    mkdirSync(home.at('pipe'));
    execFileSync('mkfifo', ['-m', '777', home.at('pipe/vastai')]);
    folders.push(linkTo('/dev/zero', home.at('device')), home.at('pipe'));
    // Links in a circle.
    folders.push(linkTo(home.at('circle-2/vastai'), home.at('circle')));
    folders.push(linkTo(home.at('circle/vastai'), home.at('circle-2')));
    const ran = await search(harness, [...folders, home.at('folder'), official.bin]);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
  });

  it('is not looked for in the current folder', async ({ harness, expect }) => {
    const { home } = harness;
    const official = installOfficialCli(home.path);
    await harness.saveKey();
    for (const PATH of ['', ':', 'bin', '.:bin:./bin:', '~/bin']) {
      const ran = await harness.vastai(['search', 'offers'], { env: { PATH }, cwd: home.path });
      expect(ran.status).toBe(2);
      expect(ran.stderr).toMatch(NOT_INSTALLED);
    }
    expect(await official.calls()).toEqual([]);
  });

  it('is the program in VASTAI_OFFICIAL_CLI, however it looks', async ({ harness, expect }) => {
    const { home } = harness;
    const other = installOfficialCli(home.at('python'));
    home.put(home.at('tools/their-cli'), '#!/bin/sh\necho "mine: $*"\n', 0o755);
    const ran = await search(harness, [other.bin], { VASTAI_OFFICIAL_CLI: home.at('tools/their-cli') });
    expect(ran).toMatchObject({ status: 0, stdout: 'mine: search offers\n' });
    for (const wrong of ['tools/their-cli', home.at('nowhere'), home.at('tools'), PACKED_BIN]) {
      const refused = await search(harness, [other.bin], { VASTAI_OFFICIAL_CLI: wrong });
      expect(refused).toMatchObject({ status: 2, stdout: '' });
      expect(refused.stderr).toContain('VASTAI_OFFICIAL_CLI');
    }
    expect(await other.calls()).toEqual([]);
  });

  it('is what its install script manages', async ({ harness, expect }) => {
    const { home } = harness;
    home.put(home.at('.local/share/vastai/cli/vastai'), '#!/bin/sh\necho "managed: $*"\n', 0o755);
    const folder = linkTo(home.at('.local/share/vastai/cli/vastai'), home.at('bin'));
    expect(await search(harness, [folder])).toMatchObject({ status: 0, stdout: 'managed: search offers\n' });
    const moved = { XDG_DATA_HOME: home.at('data') };
    expect((await search(harness, [folder], moved)).status).toBe(2);
  });

  it('is followed through the shims of version managers', async ({ harness, expect }) => {
    const { home } = harness;
    const shim = '#!/usr/bin/env bash\nexec "pyenv" exec "$(basename "$0")" "$@"\n';
    for (const [manager, folder] of [
      ['pyenv', 'versions/3.12.1'],
      ['asdf', 'installs/python/3.12.1'],
      ['mise', 'installs/pipx-vastai/0.5.0'],
    ] as const) {
      const official = installOfficialCli(home.at(manager, folder));
      home.put(home.at(manager, 'shims/vastai'), shim, 0o755);
      const latest = dirname(home.at(manager, folder));
      symlinkSync(home.at(manager, folder), `${latest}/latest`);
      expect(await search(harness, [home.at(manager, 'shims')])).toMatchObject({ status: 0, stderr: '' });
      expect(await official.calls()).toHaveLength(1);
      // What cannot be run is no version.
      home.put(`${latest}/0.4.0/bin/vastai`, '#!/usr/bin/python3\nimport vastai\n', 0o644);
      expect(await search(harness, [home.at(manager, 'shims')])).toMatchObject({ status: 0, stderr: '' });
      // With a second version, only the version manager knows which one is meant.
      installOfficialCli(`${latest}/0.6.0`);
      const ran = await search(harness, [home.at(manager, 'shims')]);
      expect(ran).toMatchObject({ status: 2, stdout: '' });
      expect(ran.stderr).toContain('VASTAI_OFFICIAL_CLI');
      expect(await official.calls()).toHaveLength(2);
    }
  });

  it('is not a shim that starts this CLI', async ({ harness, expect }) => {
    const { home } = harness;
    home.put(
      home.at('shims/vastai'),
      '#!/bin/sh\n# asdf-plugin: nodejs 20\nexec asdf exec "vastai"\n',
      0o755,
    );
    linkTo(PACKED_BIN, home.at('installs/nodejs/20.19.0/bin'));
    const ran = await search(harness, [home.at('shims')]);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toMatch(NOT_INSTALLED);
  });

  it('is refused if others can change it, its folder, or a folder above', async ({ harness, expect }) => {
    const { home } = harness;
    const official = installOfficialCli(home.at('a/python'));
    const linked = linkTo(official.path, home.at('b/links'));
    for (const [path, mode] of [
      [official.path, 0o757],
      [official.bin, 0o777],
      [home.at('a'), 0o777],
      [linked, 0o777],
      [home.at('b'), 0o777],
    ] as const) {
      chmodSync(path, mode);
      const ran = await search(harness, [linked]);
      expect(ran).toMatchObject({ status: 2, stdout: '' });
      expect(ran.stderr).toContain(`other users can change ${path}.\nMake it writable only by you`);
      chmodSync(path, 0o755);
    }
    // One command fixes all.
    for (const path of [home.at('a'), official.path]) chmodSync(path, 0o777);
    const all = await search(harness, [linked]);
    expect(all.stderr).toContain(`chmod go-w ${home.at('a')} ${official.path}\n`);
    chmodSync(official.path, 0o755);
    // Nobody else can replace what is in a sticky folder.
    chmodSync(home.at('a'), 0o1777);
    expect((await search(harness, [linked])).status).toBe(0);
    const named = await search(harness, [], { VASTAI_OFFICIAL_CLI: official.path });
    expect(named.status).toBe(0);
  });

  it('is refused if others can change what runs it', async ({ harness, expect }) => {
    const { home } = harness;
    const open = home.at('shared/python3');
    linkTo(pythonPath() ?? '', home.at('shared'));
    renameSync(home.at('shared/vastai'), open);
    mkdirSync(home.at('bin'));
    symlinkSync(open, home.at('bin/python'));
    const scripts: [string, readonly string[], string?][] = [
      [`#!${open} -E\nimport vastai\n`, []],
      ['#!/usr/bin/env -S A=1 python3\nimport vastai\n', [home.at('shared')]],
      ['#!/usr/bin/env -Spython3 -I\nimport vastai\n', [home.at('shared')]],
      ['#!/usr/bin/env -vS "python3" -I\nimport vastai\n', [home.at('shared')]],
      ['#!/usr/bin/env -S -u PYTHONPATH python3\nimport vastai\n', [home.at('shared')]],
      ['#!/usr/bin/env --split-string=python3 -I\nimport vastai\n', [home.at('shared')]],
      // uv starts the Python of a virtual environment that can be moved like this.
      [
        `#!/bin/sh\n'''exec' "$(dirname -- "$(realpath -- "$0")")"/'python' "$0" "$@"\n' '''\nimport vastai\n`,
        [],
        home.at('bin/python'),
      ],
      [`#!/bin/sh\n'''exec' "${open}" "$0" "$@"\n' '''\nimport vastai\n`, []],
      [`#!/bin/sh\n'''exec' ${open} "$0" "$@"\n' '''\nimport vastai\n`, []],
    ];
    for (const [script, folders, interpreter = open] of scripts) {
      const reason = `it is run by ${interpreter}, and other users can change ${home.at('shared')}.\nMake it writable only by you`;
      home.put(home.at('bin/vastai'), script, 0o755);
      chmodSync(home.at('shared'), 0o777);
      const ran = await search(harness, [home.at('bin'), ...folders]);
      expect(ran).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(reason) });
      chmodSync(home.at('shared'), 0o755);
      // On many machines, Python belongs to an account of its own.
      if (isRoot) lchownSync(open, 12345, 12345);
      const trusted = await search(harness, [home.at('bin'), ...folders]);
      expect(trusted.stderr).not.toContain('is not started');
    }
  });

  it('is judged by the way that the system takes to it, also through ".." behind a link', async ({
    harness,
    expect,
  }) => {
    const { home } = harness;
    const official = installOfficialCli(home.at('open/python'));
    installOfficialCli(home.path);
    symlinkSync(official.bin, home.at('inner'));
    symlinkSync(home.at('inner'), home.at('outer'));
    const folder = `${home.path}/outer/../bin`;
    const places: [string[], Record<string, string>][] = [
      [[], { VASTAI_OFFICIAL_CLI: `${folder}/vastai` }],
      [[folder], {}],
    ];
    for (const [folders, env] of places) expect((await search(harness, folders, env)).status).toBe(0);
    expect(await official.calls()).toHaveLength(2);
    chmodSync(home.at('open'), 0o777);
    // The first line of a script finds Python in this way too.
    home.put(home.at('script/vastai'), '#!/usr/bin/env python3\nimport vastai\n', 0o755);
    symlinkSync(pythonPath() ?? '', `${official.bin}/python3`);
    places.push([[home.at('script'), folder], {}]);
    for (const [folders, env] of places) {
      const ran = await search(harness, folders, env);
      expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining(`change ${home.at('open')}.`) });
    }
  });

  it.runIf(isRoot)(
    'is refused if it, or a link to it, belongs to another user',
    async ({ harness, expect }) => {
      const { home } = harness;
      const official = installOfficialCli(home.at('python'));
      const linked = linkTo(official.path, home.at('links'));
      for (const path of [official.path, official.bin, `${linked}/vastai`]) {
        lchownSync(path, 12345, 12345);
        const ran = await search(harness, [linked]);
        expect(ran).toMatchObject({ status: 2, stdout: '' });
        expect(ran.stderr).toContain(
          `${path} belongs to another user (uid 12345).\nRun vastai as that user.\n`,
        );
        lchownSync(path, 0, 0);
      }
      expect(await official.calls()).toEqual([]);
    },
  );

  it.runIf(isRoot)(
    'is closed by root where the user does not own what others can change',
    async ({ harness, expect }) => {
      const { home } = harness;
      home.put(home.at('shared/python3'), '', 0o755);
      chmodSync(home.at('shared/python3'), 0o777);
      lchownSync(home.at('shared/python3'), 12345, 0);
      home.put(home.at('bin/vastai'), `#!${home.at('shared/python3')}\nimport vastai\n`, 0o755);
      const ran = await search(harness, [home.at('bin')]);
      expect(ran).toMatchObject({ status: 2, stdout: '' });
      expect(ran.stderr).toContain(
        `Let only its owner write to it: sudo chmod go-w ${home.at('shared/python3')}\n`,
      );
    },
  );
});
