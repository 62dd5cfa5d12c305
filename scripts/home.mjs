// Folders and environments for commands that must not touch anything of the person who runs them.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes a folder that goes away with this process, unless a SIGKILL ends it. Returns its path. */
export function createScratch() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'vastai-')));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
  return folder;
}

/**
 * Returns the environment of a command whose home is `home`, which is made. It has what programs need to start, and
 * nothing else: NODE_EXTRA_CA_CERTS alone would make every start of Node slower.
 *
 * @param {string} home
 * @returns {Record<string, string>}
 */
export function environmentIn(home) {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const kept = Object.entries(process.env).filter(([name]) =>
    ['PATH', 'SYSTEMROOT', 'COMSPEC', 'PATHEXT'].includes(name.toUpperCase()),
  );
  return {
    ...Object.fromEntries(kept),
    HOME: home,
    USERPROFILE: home,
    TMPDIR: home,
    TEMP: home,
    LANG: 'C.UTF-8',
  };
}
