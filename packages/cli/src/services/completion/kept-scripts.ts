import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Config } from '@oclif/core/config';
import { replaceWhole } from '@vastai-cli/core/internal/files/atomic-write';
import { explainFileError } from '@vastai-cli/core/internal/files/file-error';
import { completionScript, type Shell } from './script.js';

/** Where oclif's own completion puts its scripts, below the cache folder; lines in the settings of shells name them. */
const PLACES: readonly (readonly [string, Shell])[] = [
  ['bash_setup', 'bash'],
  ['functions/bash/vastai.bash', 'bash'],
  ['zsh_setup', 'zsh'],
  ['functions/zsh/_vastai', 'zsh'],
  ['functions/powershell/vastai.ps1', 'powershell'],
];

/**
 * Writes the completion scripts to the cache folder.
 *
 * @throws StorageError when that cannot be done
 */
export async function keepScripts(config: Config): Promise<void> {
  for (const [name, shell] of PLACES) {
    const path = join(config.cacheDir, 'autocomplete', name);
    try {
      await mkdir(dirname(path), { recursive: true });
      await replaceWhole(path, completionScript(shell, config));
    } catch (error) {
      throw explainFileError('write', path, error);
    }
  }
}
