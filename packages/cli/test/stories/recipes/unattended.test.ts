import { chmod, copyFile, mkdir, stat } from 'node:fs/promises';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';
import {
  IN_ITS_VARIABLE,
  MONITORING,
  newestKey,
  recipe,
  recipeShell,
  standIn,
  whereIs,
} from '../../support/recipe.js';

const PRINT_KEY = "process.stdout.write(process.env.VAST_API_KEY + '\\n');";
const MASKED = /^[0-9a-f]{3}…\n$/u;

describe.runIf(process.platform !== 'win32').concurrent('the recipe for', () => {
  it('cron: runs a job with a key from a file', async ({ harness }) => {
    const { home, saveKey } = harness;
    const { commands, block } = recipe('cron');
    const run = await recipeShell(harness);
    const report = await standIn(harness, 'report.sh', PRINT_KEY);
    await saveKey();
    for (const line of commands) await run(line);
    expect(newestKey(harness)).toEqual({ name: 'nightly', categories: MONITORING });
    // On a desktop, the key would be in the keychain otherwise.
    expect(commands[0]).toMatch(/ --storage file$/u);
    const file = home.at('.config/vastai/profiles/nightly/vast_api_key');
    expect((await stat(file)).mode & 0o777).toBe(0o600);

    // The start of a job, as cron makes it: these variables, those of the table, and nothing else.
    const [setting = '', job = ''] = block('crontab').split('\n');
    const [, path] = /^PATH=([\w/:]+)$/u.exec(setting) ?? [];
    const [, line] = /^(?:[\d*,/-]+ +){5}([^%]+)$/u.exec(job) ?? [];
    await home.write('job', line ?? '');
    const inHome = path?.replace('/usr/local/bin', home.at('bin'));
    const asCron = `env -i HOME="$HOME" LOGNAME=you SHELL=/bin/sh PATH="${inHome}" /bin/sh -c "$(cat job)" </dev/null`;
    expect(await run(asCron)).toMatch(MASKED);
    const key = (await home.read('.config/vastai/profiles/nightly/vast_api_key')) ?? '';
    expect(whereIs(key, (await report())[0])).toEqual(IN_ITS_VARIABLE);

    await run('rm .config/vastai/profiles/nightly/vast_api_key');
    expect(await run(asCron, { status: 3 })).toContain('No API key found');
    expect(await report()).toHaveLength(1);
  });

  it('systemd: hands the key over as a credential', async ({ harness }) => {
    const { home, saveKey } = harness;
    const { commands, block } = recipe('systemd');
    const run = await recipeShell(harness);
    const report = await standIn(harness, 'report', PRINT_KEY);
    await chmod(await home.write('bin/sudo', '#!/bin/sh\nexec "$@"\n'), 0o755);
    for (const name of ['systemctl', 'journalctl']) await standIn(harness, name);
    await saveKey();
    const here = (text: string) =>
      text.replaceAll('/etc/vastai', home.at('etc')).replaceAll('/usr/local/bin', home.at('bin'));
    for (const line of commands) await run(here(line));
    expect(newestKey(harness)).toEqual({ name: 'report', categories: MONITORING });

    const unit: Record<string, string | undefined> = Object.fromEntries(
      here(block('ini'))
        .split('\n')
        .filter((line) => line.includes('='))
        .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    const { LoadCredential = '', Environment = '', ExecStart = '' } = unit;
    expect(unit).toMatchObject({ Type: 'oneshot', DynamicUser: 'yes' });
    const [name = '', source = ''] = LoadCredential.split(':');
    expect((await stat(source)).mode & 0o777).toBe(0o600);
    const key = ((await home.read('etc/report.key')) ?? '').trim();
    // What systemd does: a copy that only the user of the service can read, in a folder that nobody can write.
    const folder = home.at('credentials');
    await mkdir(folder);
    await copyFile(source, `${folder}/${name}`);
    const start = `${AS_ANYBODY.join(' ')} env -i HOME='${home.at('empty')}' PATH=/usr/bin:/bin \
CREDENTIALS_DIRECTORY='${folder}' '${Environment.replaceAll('%d', folder)}' ${ExecStart} </dev/null`;
    await mkdir(home.at('empty'), { mode: 0o500 });
    // The second mode is what a file shows that a list of access lets a second user read.
    for (const mode of [0o400, 0o440]) {
      await chmod(`${folder}/${name}`, mode);
      await chmod(folder, 0o500);
      expect(await run(start)).toMatch(MASKED);
      await chmod(folder, 0o700);
    }
    const calls = await report();
    expect(calls).toHaveLength(2);
    for (const call of calls) {
      expect(whereIs(key, call)).toEqual(IN_ITS_VARIABLE);
      expect(call.env.CREDENTIALS_DIRECTORY).toBe(folder);
    }

    // Without the credential the service does not start with another key.
    await run(`rm -f '${folder}/${name}'`);
    expect(await run(start, { status: 9 })).toContain(folder);
  });
});
