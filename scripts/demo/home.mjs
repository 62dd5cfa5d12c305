import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a home of the demo's own, which goes away with this process, however that ends short of a kill -9. */
export function createHome() {
  const home = mkdtempSync(join(tmpdir(), 'vastai-'));
  process.on('exit', () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
  return home;
}

/** The environment of a command in that home. The keychain is the user's, so it is not asked. */
export function environmentOf(home) {
  const { PATH = '', SystemRoot } = process.env;
  return {
    PATH,
    ...(SystemRoot === undefined ? {} : { SystemRoot }),
    HOME: home,
    USERPROFILE: home,
    TMPDIR: tmpdir(),
    LANG: 'C.UTF-8',
    VASTAI_STORAGE: 'file',
  };
}
