import { userInfo } from 'node:os';
import { isAbsolute } from 'node:path';
import { homeFolder } from '@vastai-cli/core/internal/files/home';

/** The variables that oclif takes folders from. It takes a relative path too, and would load plugins from the current folder. */
const FOLDERS = ['HOME', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME'];

/**
 * Puts into `env` what oclif, its plugins and npm would otherwise ask the system for, home and shell: the system throws
 * where the user id has no name.
 */
export function completeEnvironment(env: NodeJS.ProcessEnv): void {
  for (const name of FOLDERS) {
    if (!isAbsolute(env[name] ?? '')) delete env[name];
  }
  if (process.platform === 'win32') return;
  env.HOME ??= homeFolder();
  env.SHELL ??= shellOnRecord();
}

function shellOnRecord(): string {
  try {
    return userInfo().shell ?? 'unknown';
  } catch {
    return 'unknown';
  }
}
