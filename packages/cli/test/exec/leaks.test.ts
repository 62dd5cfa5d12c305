import { appendFile, readdir, readFile } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { installed } from '@vastai-cli/testing/programs';
import { describe } from 'vitest';
import { runTraced } from '../support/processes.js';
import { fileIn } from './places.js';

/** Returns the processes whose command line or environment contains a string. */
async function processesWith(text: string, file: 'cmdline' | 'environ'): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/u.test(name))) {
    const content = await readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '');
    if (content.includes(text)) found.push(pid);
  }
  return found.sort();
}

/** A program that waits with another one below it. */
const WAITS = 'mkfifo gate; echo $$ > outer; sh -c "echo \\$\\$ > inner; exec cat gate"';
/** A program that prints the key too, which exec masks. */
const PRINTS = ['sh', '-c', `${WAITS}; echo "$VAST_API_KEY"; exit 3`];

/** Ways to start it, and if the key is saved first. */
const STARTS: [string, (key: string) => readonly string[], boolean][] = [
  ['vastai exec', () => ['exec', '--env', 'TOKEN={{key}}', '--', ...PRINTS], true],
  ['vastai exec, typed', (key) => ['exec', '--api-key', key, '--', ...PRINTS], false],
  ['a command that is handed over', () => ['search', 'offers'], true],
  ['a command that is handed over, typed', (key) => [`--api-key=${key}`, 'search', 'offers'], false],
  ['vastai official, typed', (key) => ['official', '--api-key', key, '--', 'show', 'user'], false],
];

describe.runIf(process.platform === 'linux').concurrent('the key of', () => {
  it.for(STARTS)(
    '%s: is only in the environment of the program and what that starts',
    async ([, argsWith, isSaved], { harness, expect }) => {
      const { start, saveKey, sandbox, home } = harness;
      if (isSaved) await saveKey();
      home.put(home.at('bin/vastai'), `#!/bin/sh\n${WAITS}\nexit 3\n`, 0o755);
      const run = start(argsWith(sandbox.key), {
        env: { TMPDIR: home.path, VASTAI_OFFICIAL_CLI: home.at('bin/vastai') },
      });
      const pids = [(await fileIn(harness, 'outer')).trim(), (await fileIn(harness, 'inner')).trim()].sort();
      expect(await processesWith(sandbox.key, 'environ')).toEqual(pids);
      expect(await processesWith(sandbox.key, 'cmdline')).toEqual([]);
      await appendFile(home.at('gate'), '');
      expect((await run.ended).status).toBe(3);
      const files = await home.files();
      expect(Object.keys(files).filter((name) => files[name]?.includes(sandbox.key))).toEqual(
        isSaved ? [KEY_FILE] : [],
      );
      expect(Object.keys(files).filter((name) => name.startsWith('vastai-'))).toEqual([]);
      expect(harness.asked()).toEqual([]);
    },
  );

  it.runIf(installed('strace'))(
    'vastai exec: is given to no other program that a run starts',
    async ({ harness, expect }) => {
      const { saveKey, sandbox } = harness;
      await saveKey();
      const ran = await runTraced(harness, ['exec', '--', 'sh', '-c', 'env | sort; exit 2']);
      expect(ran.status).toBe(2);
      // A call that another process interrupts has its result on a line of its own.
      const withKey = ran.programs.filter((line) => line.includes(sandbox.key) && !line.includes(') = -1 '));
      const names = withKey.map((line) => / execve\("[^"]*\/([^"/]+)"/u.exec(line)?.[1]);
      expect([...new Set(names)].sort()).toEqual(['env', 'sh', 'sort']);
      for (const line of ran.programs) expect(line.slice(0, line.indexOf(']'))).not.toContain(sandbox.key);
    },
  );
});
