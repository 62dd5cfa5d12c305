import { cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BIN } from '@vastai-cli/testing/checkout/paths';

/** A copy of the CLI as it is installed where the keychain's addon is not to be had. */
export async function cliWithoutAddon(): Promise<{ readonly bin: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'vastai-cli-'));
  const root = dirname(dirname(BIN));
  const modules = join(folder, 'node_modules');
  await mkdir(modules);
  for (const name of ['bin', 'dist', 'package.json', 'oclif.manifest.json']) {
    await cp(join(root, name), join(folder, name), { recursive: true });
  }
  for (const scope of ['@oclif', '@vastai-cli']) {
    await symlink(join(root, 'node_modules', scope), join(modules, scope), 'junction');
  }
  return { bin: join(folder, 'bin', 'dev.js'), remove: () => rm(folder, { recursive: true }) };
}
