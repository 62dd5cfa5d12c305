// Creates folders and environments for commands that must not touch the user's files.
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Creates a folder that is removed when this process exits, unless SIGKILL ends it, and returns its path. */
export function createScratch() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'vastai-')));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
  return folder;
}

/**
 * Creates `home` and returns an environment that uses it. The environment has only what programs need to start:
 * NODE_EXTRA_CA_CERTS, for example, would slow down every start of Node.
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
