import { userInfo } from 'node:os';
import { isAbsolute } from 'node:path';
import { homeFolder } from '@vastai-cli/core/internal/files/home';

/** The variables that name folders for oclif. It accepts relative paths too, and would load plugins from the current folder. */
const FOLDERS = ['HOME', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME'];

/**
 * Sets HOME and SHELL in `env` if they are missing. oclif, its plugins and npm would otherwise ask the system, which
 * throws if the user id has no name.
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
