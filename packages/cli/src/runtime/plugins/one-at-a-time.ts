import { constants } from 'node:fs';
import { access, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '@oclif/core/interfaces';
import { withLock } from '@vastai-cli/core/internal/files/lock';
import { cannotWrite } from './npm.js';
import { beginChange, healChange } from './unfinished-change.js';

/** The longest wait for the lock. npm may have to download a lot, slowly. A killed holder is not waited for. */
const PATIENCE_MS = 15 * 60_000;
/** Marks the configuration of a process that holds the lock. */
const HELD = Symbol('holds the lock of plugins');

/**
 * Locks the plugins of this user until this process ends. Neither oclif nor npm expects another process in the same
 * folder.
 *
 * @param notify called with a sentence if this process has to wait for another one
 */
export async function changeAlone(config: Config, notify: (text: string) => void): Promise<void> {
  if (HELD in config) return;
  await new Promise<void>((resolve, reject) => {
    const untilTheEnd = () => {
      resolve();
      return new Promise<never>(() => {});
    };
    withPluginLock(config, notify, untilTheEnd).catch(reject);
  });
  Object.assign(config, { [HELD]: true });
  await beginChange(config);
}

/**
 * Runs `work` under the lock, after repairing what a killed process left unfinished. That keeps the list of plugins
 * complete: oclif and npm write it in place.
 */
export async function withPluginLock<T>(
  config: Pick<Config, 'dataDir'>,
  notify: (text: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const { dataDir } = config;
  await mkdir(dataDir, { recursive: true }).catch(cannotWrite(config));
  await access(dataDir, constants.W_OK).catch(cannotWrite(config));
  const healed = async () => {
    await healChange(config);
    return work();
  };
  // The folder itself may be a symbolic link, and a lock is never made through one.
  const lock = join(await realpath(dataDir), 'plugins.lock');
  return withLock(lock, healed, notify, PATIENCE_MS, 'plugins');
}
