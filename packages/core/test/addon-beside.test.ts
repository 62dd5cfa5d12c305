import { cpSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import { runNode } from '@vastai-cli/testing/run';
import { secretServiceInstalled, startSecretService } from '@vastai-cli/testing/secret-service';
import { describe, expect, it } from 'vitest';
import { useHome } from './support/home.js';

const KEY = 'key-in-the-keychain-0123456789';
const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const PROGRAM = `
import { acquireKey, openContext } from '@vastai-cli/core';
const { key, source } = await acquireKey(await openContext());
console.log(source.name, String(key));
`;

const home = useHome();

/** Makes a project in the home with this package installed, as npm does. */
function installIn(project: string): void {
  const folder = join(project, 'node_modules', '@vastai-cli', 'core');
  mkdirSync(folder, { recursive: true });
  for (const name of ['dist', 'package.json'])
    cpSync(join(PACKAGE, name), join(folder, name), { recursive: true });
}

describe.skipIf(!secretServiceInstalled())('a key in the keychain, without the CLI', () => {
  it('is found with the addon that the project has', async ({ onTestFinished }) => {
    const service = await startSecretService();
    onTestFinished(() => service.stop());
    await service.store('default', KEY);
    const project = home.at('project');
    installIn(project);
    symlinkSync(
      realpathSync(join(cliRoot, 'node_modules', 'keytar')),
      join(project, 'node_modules', 'keytar'),
    );
    const ran = await runNode(
      ['--input-type=module', '-e', PROGRAM],
      { HOME: home.path, VASTAI_KEYCHAIN_TIMEOUT: '30', ...service.env },
      '',
      project,
    );
    expect(ran).toMatchObject({ status: 0, stdout: `keychain …${KEY.slice(-4)}\n`, stderr: '' });
  });
});
