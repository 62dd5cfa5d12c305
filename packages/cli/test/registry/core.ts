import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { ItInstalled } from './support/installed.js';
import { run } from './support/run.js';

const INSTALL = 'npm install @vastai-cli/core';
const SCRIPT = 'show-user.js';

/** Defines the tests of a script that follows the README of `@vastai-cli/core`. */
export function describeCore(it: ItInstalled): void {
  describe('a project with nothing but @vastai-cli/core', () => {
    it('runs the script of the README, and has its types', async ({ harness, installed }) => {
      const { machine, release } = installed;
      const readme = await readFile(join(release.copy.folder, 'packages', 'core', 'README.md'), 'utf8');
      const script = readme.split(`\`\`\`js ${SCRIPT}\n`)[1]?.split('```')[0] ?? '';
      expect(script).toContain('acquireKey');
      expect(readme).toContain(`$ ${INSTALL}\n`);

      const folder = join(machine.folder, 'a-script');
      await mkdir(folder);
      await writeFile(join(folder, 'package.json'), '{"type":"module"}');
      await writeFile(join(folder, SCRIPT), script);
      const inProject = (words: string, more: { env?: NodeJS.ProcessEnv; mayFail?: boolean } = {}) => {
        const [program = '', ...args] = words.split(' ');
        return run(program, args, {
          cwd: folder,
          mayFail: more.mayFail ?? false,
          env: { ...machine.env, ...more.env },
        });
      };

      await inProject(INSTALL);
      const { version } = JSON.parse(
        await readFile(join(folder, 'node_modules/@vastai-cli/core/package.json'), 'utf8'),
      );
      expect(version).toBe(release.version);
      expect(await readdir(join(folder, 'node_modules', '@vastai-cli'))).toEqual(['core']);

      await harness.saveKey();
      const env = { ...harness.home.env, PATH: machine.env.PATH, VAST_URL: harness.sandbox.url };
      const { output } = await inProject(`node ${SCRIPT}`, { env });
      expect(output).toMatch(/^\S+@\S+ has [\d.]+ US dollars\n$/u);
      expect(harness.asked()).toEqual(['GET /api/v0/users/current/']);

      await inProject('npm install --save-dev typescript@^7.0.2 @types/node@^20.19.0');
      const check =
        'npx tsc --noEmit --allowJs --checkJs --strict --target es2023 --module nodenext --types node';
      await inProject(`${check} ${SCRIPT}`);
      await writeFile(join(folder, 'wrong.js'), script.replace('acquireKey(context)', 'acquireKey(user)'));
      expect((await inProject(`${check} wrong.js`, { mayFail: true })).status).not.toBe(0);
    });
  });
}
