import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Copies what git has, or would take, and what was built of it, so that the code can be changed and built again while
 * the checkout stays as it is. The packages of the copy import each other; those of others are the checkout's.
 */
export function copyCheckout(root, folder) {
  rmSync(folder, { recursive: true, force: true });
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: Number.POSITIVE_INFINITY,
  });
  const files = listed.split('\0').filter((file) => file !== '');
  const ofPackages = readdirSync(join(root, 'packages')).flatMap((name) =>
    ['dist', 'node_modules', 'oclif.manifest.json'].map((made) => join('packages', name, made)),
  );
  for (const file of [...files, ...ofPackages].filter((name) => existsSync(join(root, name)))) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    // The links that pnpm makes are relative, and stay so.
    cpSync(join(root, file), join(folder, file), { recursive: true, verbatimSymlinks: true });
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
}
